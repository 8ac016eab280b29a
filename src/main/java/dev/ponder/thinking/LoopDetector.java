package dev.ponder.thinking;

/// Notices a thought that says the same passage over and over, which thinking models do at times
/// until their budget is gone.
///
/// Looks at the end of the text only: `repeats` equal passages in a row, of 8 to 400 characters
/// each. Checked once per [#STRIDE] new characters, so a long thought costs linear time.
final class LoopDetector {

  private static final int SHORTEST = 8;
  private static final int LONGEST = 400;
  private static final int STRIDE = 200;

  private final int repeats;
  private int lookedAt;

  LoopDetector(int repeats) {
    this.repeats = repeats;
  }

  /// Whether the text ends in a loop.
  boolean loops(CharSequence text) {
    if (text.length() - lookedAt < STRIDE) {
      return false;
    }
    lookedAt = text.length();
    for (int period = SHORTEST; period <= LONGEST; period++) {
      if (repeatsWith(text, period)) {
        return true;
      }
    }
    return false;
  }

  private boolean repeatsWith(CharSequence text, int period) {
    int length = text.length();
    int compared = period * (repeats - 1);
    if (compared + period > length) {
      return false;
    }
    boolean word = false;
    for (int i = length - compared; i < length; i++) {
      char c = text.charAt(i);
      if (c != text.charAt(i - period)) {
        return false;
      }
      word |= Character.isLetterOrDigit(c);
    }
    return word;
  }
}
