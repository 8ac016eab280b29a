package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.text.ThinkTags;
import java.nio.file.Path;

/// A model that jllama is to load.
///
/// @param name as in the configuration and in jobs
/// @param file the GGUF file
/// @param contextTokens tokens of prompt and answer together that one sequence holds
/// @param sequences generations at the same time, 1 to 64
/// @param threads that decode; one is fastest where two hardware threads share a core
/// @param pace tokens per second at most for each generation; 0 is as fast as it goes
/// @param tags between which it thinks
public record JllamaModel(
    String name,
    Path file,
    int contextTokens,
    int sequences,
    int threads,
    double pace,
    ThinkTags tags) {

  /// More slots abort the native library (5,000 did); 64 is far above what a CPU can serve.
  static final int SEQUENCES_MAX = 64;

  static final int CONTEXT_MIN = 64;
  static final int CONTEXT_MAX = 1 << 20;
  static final int THREADS_MAX = 512;

  /// A model that thinks between the usual tags.
  public JllamaModel(
      String name, Path file, int contextTokens, int sequences, int threads, double pace) {
    this(name, file, contextTokens, sequences, threads, pace, ThinkTags.USUAL);
  }

  public JllamaModel {
    check("contextTokens", contextTokens, CONTEXT_MIN, CONTEXT_MAX);
    check("sequences", sequences, 1, SEQUENCES_MAX);
    check("threads", threads, 1, THREADS_MAX);
    if (!(pace >= 0 && pace <= 1_000_000)) {
      throw new IllegalArgumentException(
          "pace of model %s is %s and has to be between 0 (off) and 1000000".formatted(name, pace));
    }
  }

  private static void check(String what, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          "%s of a jllama model is %d and has to be between %d and %d"
              .formatted(what, value, from, to));
    }
  }
}
