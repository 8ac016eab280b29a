package dev.ponder.stage;

/// A text that counts how often a character of it is looked at, and ends that after a number of
/// looks that grows with the text: a regular expression may otherwise run for years on a model's
/// text, and nothing can stop it from outside.
///
/// Used by one thread.
final class CountedText implements CharSequence {

  /// Looks at a character, on average. A pattern that reads each line once needs fewer than ten;
  /// one that begins with `.*` needs about twice as many as a line has characters.
  static final int STEPS_PER_CHARACTER = 200;

  /// Looks besides: a tenth of a second at most, so that a short text may have any pattern.
  static final int STEPS_BESIDES = 5_000_000;

  /// How often an interruption is looked for. What is cheap is read to its end in any case: an
  /// answer with what there is has to be possible when the time is up.
  private static final int LOOK = 1 << 20;

  private final String text;
  private final long limit;
  private long steps;

  CountedText(String text) {
    this.text = text;
    this.limit = limit(text);
  }

  static long limit(String text) {
    return (long) STEPS_PER_CHARACTER * text.length() + STEPS_BESIDES;
  }

  /// The text was looked at too often, or its reader was interrupted.
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public char charAt(int index) {
    steps++;
    if (steps > limit) {
      throw new Stopped(
          "It took more than %d steps, the limit for %d characters."
              .formatted(limit, text.length()));
    }
    if (steps % LOOK == 0 && Thread.currentThread().isInterrupted()) {
      throw new Stopped("It was interrupted after %d steps.".formatted(steps));
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  /// What a group has matched is cut out without being looked at.
  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
