package dev.ponder.engine.text;

/// Where in a text one is: what tells a tag that a thought speaks of from one that ends it.
final class Line {

  private static final String QUOTES = "`\"'“”‘’«»„";
  private static final int RECENT = 24;
  private static final int FENCE = 3;

  private boolean blank = true;
  private boolean code;
  private boolean fence;
  private int backticks;
  private boolean backticksFirst;
  private final StringBuilder recent = new StringBuilder();

  void saw(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      saw(text.charAt(i));
    }
  }

  void saw(char next) {
    if (next == '`') {
      backticksFirst |= backticks == 0 && blank;
      backticks++;
    } else {
      endBackticks();
    }
    if (next == '\n') {
      blank = true;
      code = false;
    } else {
      blank &= Character.isWhitespace(next);
    }
    if (recent.length() >= 4 * RECENT) {
      recent.delete(0, recent.length() - RECENT);
    }
    recent.append(next);
  }

  private void endBackticks() {
    if (backticks >= FENCE && backticksFirst) {
      fence = !fence;
    } else if (backticks > 0 && !fence) {
      code = !code;
    }
    backticks = 0;
    backticksFirst = false;
  }

  /// Whether nothing but blanks stands before this on its line.
  boolean isBlank() {
    return blank;
  }

  /// Whether this is inside of `code` that has begun on this line.
  boolean inCode() {
    return !fence && (backticks > 0) != code;
  }

  /// Whether this is inside a block of code.
  boolean inFence() {
    return fence;
  }

  /// Whether a quote stands directly before this.
  boolean afterQuote() {
    return !recent.isEmpty() && isQuote(recent.charAt(recent.length() - 1));
  }

  static boolean isQuote(char it) {
    return QUOTES.indexOf(it) >= 0;
  }

  /// Whether a sentence has ended before this.
  boolean afterSentence() {
    for (int i = recent.length() - 1; i >= 0; i--) {
      char it = recent.charAt(i);
      if (!Character.isWhitespace(it)) {
        return ".!?。！？".indexOf(it) >= 0;
      }
      if (it == '\n') {
        return true;
      }
    }
    return true;
  }

  /// Whether the sentence needs another word: `The token is `.
  boolean wantsAWord() {
    int end = recent.length();
    int last = end;
    while (last > 0 && (recent.charAt(last - 1) == ' ' || recent.charAt(last - 1) == '\t')) {
      last--;
    }
    if (last == end || last == 0) {
      return false;
    }
    int word = last;
    while (word > 0 && Character.isLetter(recent.charAt(word - 1))) {
      word--;
    }
    return word == last
        ? ":=→,".indexOf(recent.charAt(last - 1)) >= 0
        : isConnecting(recent.substring(word, last));
  }

  private static boolean isConnecting(String word) {
    return switch (word.toLowerCase(java.util.Locale.ROOT)) {
      case "is",
          "are",
          "be",
          "was",
          "with",
          "by",
          "and",
          "or",
          "the",
          "a",
          "an",
          "in",
          "to",
          "as",
          "of",
          "token",
          "tokens",
          "tag",
          "tags",
          "called",
          "named" ->
          true;
      default -> false;
    };
  }
}
