package dev.ponder.text;

/// Makes visible what a text would otherwise do to the terminal, the line or the reader: control
/// characters, what reorders the line, what has no width, and halves of surrogate pairs come out as
/// `\u001b`, in UTF-16 units. In JSON, where such characters stand in strings alone, that is the
/// same document.
public final class Visible {

  /// No formats by their type, and without a glyph all the same: fillers, a joiner and what selects
  /// a variant, but for the two that choose between text and emoji.
  private static final String BLANK =
      "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\uffa0";

  private Visible() {}

  /// A text of several lines: its line feeds and tabs stay.
  public static String text(String text) {
    return shown(text, true);
  }

  /// A text on one line: a line feed comes out as `\n`, a tab as `\t`.
  public static String line(String text) {
    return shown(text, false);
  }

  private static String shown(String text, boolean lines) {
    int at = 0;
    while (at < text.length() && isPlain(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, at);
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      append(shown, codePoint, lines);
      at += Character.charCount(codePoint);
    }
    return shown.toString();
  }

  private static void append(StringBuilder shown, int codePoint, boolean lines) {
    if (codePoint == '\n' || codePoint == '\t') {
      shown.append(lines ? (char) codePoint + "" : codePoint == '\n' ? "\\n" : "\\t");
    } else if (isShown(codePoint)) {
      shown.appendCodePoint(codePoint);
    } else {
      for (char unit : Character.toChars(codePoint)) {
        shown.append("\\u%04x".formatted((int) unit));
      }
    }
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }

  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default ->
          BLANK.indexOf(codePoint) < 0
              && (codePoint < 0xfe00 || codePoint > 0xfe0d)
              && (codePoint < 0xe0000 || codePoint > 0xe0fff);
    };
  }
}
