package dev.ponder.thinking.thought;

/// Where a thought can be closed without breaking off a sentence.
final class SentenceEnd {

  private SentenceEnd() {}

  /// The place after the last sentence end in a text, or -1.
  static int in(String text) {
    for (int i = text.length() - 1; i >= 0; i--) {
      char c = text.charAt(i);
      boolean followed = i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1));
      if (c == '\n' || ((c == '.' || c == '!' || c == '?') && followed)) {
        return i + 1;
      }
    }
    return -1;
  }
}
