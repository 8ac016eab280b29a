package dev.ponder.engine.text;

import java.util.Arrays;

/// Openings that a thought has written without meaning them, by pair: as many closings belong to
/// them and do not end it.
final class Mentions {

  private final int[] firstOnLine;
  private final int[] inLine;
  private final int[] onThisLine;

  Mentions(int pairs) {
    firstOnLine = new int[pairs];
    inLine = new int[pairs];
    onThisLine = new int[pairs];
  }

  /// @param first whether nothing stood before it on its line
  void opened(int pair, boolean first) {
    (first ? firstOnLine : inLine)[pair]++;
    onThisLine[pair]++;
  }

  void newLine() {
    Arrays.fill(onThisLine, 0);
  }

  /// Whether a closing that is first on its line belongs to one that was so too.
  boolean closesFirst(int pair) {
    return takes(firstOnLine, pair);
  }

  /// Whether a closing belongs to one.
  boolean closes(int pair) {
    return takes(inLine, pair) || takes(firstOnLine, pair);
  }

  /// Whether the last one that was closed stands on this line.
  boolean closedOnItsLine(int pair) {
    return takes(onThisLine, pair);
  }

  private static boolean takes(int[] counts, int pair) {
    if (counts[pair] == 0) {
      return false;
    }
    counts[pair]--;
    return true;
  }
}
