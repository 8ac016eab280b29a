package dev.ponder.engine.llamaserver;

import dev.ponder.engine.text.ThinkTags;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model that a llama-server of Ponder's own is to load.
///
/// @param name as in the configuration and in jobs
/// @param file the GGUF file
/// @param contextTokens tokens of prompt and answer together that one sequence holds
/// @param sequences generations at the same time, 1 to 64
/// @param threads that decode; null leaves it to the server
/// @param options further options of its command line, as they are; the last of a kind counts
/// @param tags between which it thinks
public record ManagedModel(
    String name,
    Path file,
    int contextTokens,
    int sequences,
    @Nullable Integer threads,
    List<String> options,
    ThinkTags tags) {

  /// A model that thinks between the usual tags.
  public ManagedModel(
      String name,
      Path file,
      int contextTokens,
      int sequences,
      @Nullable Integer threads,
      List<String> options) {
    this(name, file, contextTokens, sequences, threads, options, ThinkTags.USUAL);
  }

  public ManagedModel {
    options = List.copyOf(options);
    if (contextTokens < 1
        || sequences < 1
        || (long) contextTokens * sequences > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Model %s has %d sequences of %d tokens; both have to be positive and their product at most %d"
              .formatted(name, sequences, contextTokens, Integer.MAX_VALUE));
    }
  }
}
