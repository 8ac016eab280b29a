package dev.ponder.thinking;

import dev.ponder.thinking.thought.LoopDetector;

/// A loop detector for those who measure it.
public final class LoopsForBench {

  /// Characters of a token, on average.
  private static final int TOKEN = 4;

  private LoopsForBench() {}

  /// Reads a text as it comes from a model, token by token. Answers how many tokens it had read
  /// when it took the text for a loop, or all of them.
  public static int read(String text) {
    var detector = new LoopDetector(6);
    var written = new StringBuilder();
    int tokens = 0;
    boolean loops = false;
    for (int from = 0; from < text.length(); from += TOKEN) {
      written.append(text, from, Math.min(text.length(), from + TOKEN));
      // A thought is stopped at the first; here the rest is read all the same.
      loops |= detector.loops(written);
      tokens += loops ? 0 : 1;
    }
    return tokens;
  }
}
