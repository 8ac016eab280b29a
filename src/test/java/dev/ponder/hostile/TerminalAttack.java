package dev.ponder.hostile;

/// What takes over a terminal, forges a line or misleads a reader, each in one text.
public enum TerminalAttack {
  CLIPBOARD("\u001b]52;c;cm0gLXJmIH4=\u0007"),
  CLEARED_SCREEN("\u001b[2J\u001b[H"),
  LINK("\u001b]8;;http://evil.example\u001b\\here\u001b]8;;\u001b\\"),
  TITLE("\u001b]0;owned\u0007"),
  C1_SEQUENCE("\u009b2J\u009d52;c;YQ==\u009c"),
  DEVICE_STRING("\u001bP+q544e\u001b\\"),
  OVERWRITTEN_LINE("harmless\rforged"),
  BACKSPACES("abc\b\b\b"),
  BELL_AND_DELETE("\u0007\u007f\u0000\u000b\u000c\u000e"),
  NEXT_LINE("a\u0085b"),
  SEPARATORS("a\u2028b\u2029c"),
  OVERRIDES("a\u202ab\u202bc\u202dd\u202ee\u202c"),
  ISOLATES("a\u2066b\u2067c\u2068d\u2069"),
  MARKS("a\u200eb\u200fc\u061c"),
  NO_WIDTH("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh"),
  TAGS("a\udb40\udc01\udb40\udc41\udb40\udc7f"),
  VARIANTS("a\udb40\udd00\ufe00"),
  HALVES("a\ud83db\ude00c");

  private final String text;

  TerminalAttack(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /// All of them.
  public static String all() {
    var all = new StringBuilder();
    for (TerminalAttack each : values()) {
      all.append(each.text).append('|');
    }
    return all.toString();
  }

  /// Whether a text that was shown has none of them: judged by its own rule, not by that of the
  /// code.
  public static boolean isHarmless(String shown) {
    for (int i = 0; i < shown.length(); i++) {
      int c = shown.codePointAt(i);
      i += Character.charCount(c) - 1;
      boolean harmful =
          c != '\n' && c != '\t' && c < 0x20
              || c >= 0x7f && c < 0xa0
              || c == 0xad
              || c == 0x34f
              || c == 0x61c
              || c >= 0x200b && c <= 0x200f
              || c >= 0x2028 && c <= 0x202e
              || c >= 0x2060 && c <= 0x206f
              || c == 0xfeff
              || c == 0xfe00
              || c >= 0xd800 && c <= 0xdfff
              || c >= 0xe0000 && c <= 0xe0fff;
      if (harmful) {
        return false;
      }
    }
    return true;
  }
}
