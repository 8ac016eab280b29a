package dev.ponder.stage.comparison;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An answer as it would be written in plain text: without markdown, LaTeX, quotes, labels and
/// without the stop at its end. Each pattern here runs in time that grows with the text.
final class PlainText {

  private static final Pattern FENCE = Pattern.compile("```[a-zA-Z]*+|~~~|~~");
  private static final Pattern LINE_START =
      Pattern.compile("(?m)^[ \\t]*+(?:#{1,6}+[ \\t]++|>[ \\t]++(?=[^\\d\\s])|={3,}+$|-{3,}+$)");
  private static final Pattern BULLET = Pattern.compile("^\\s*+(?:[-*+•]|\\d{1,2}[.)])\\s++(.++)$");
  private static final Pattern STRONG =
      Pattern.compile("(?<![\\p{L}\\d)])\\*\\*|\\*\\*(?![\\p{L}\\d(-])|__(?=\\P{L})|(?<=\\P{L})__");
  private static final Pattern EMPHASIS =
      Pattern.compile("(?<![\\p{L}\\d*)])\\*([^*\\s](?:[^*\\n]*[^*\\s])?)\\*(?![\\p{L}\\d(*])");
  private static final Pattern UNDERLINED =
      Pattern.compile("(?<![\\p{L}\\d_)])_([^_\\s](?:[^_\\n]*[^_\\s])?)_(?![\\p{L}\\d_])");
  private static final Pattern BLANKS = Pattern.compile("\\s++");
  private static final Pattern HALF_OF_DAY =
      Pattern.compile("(?i)(?<![\\p{L}])([ap])\\.\\s?m\\.?(?![\\p{L}])");
  private static final Pattern TIMES_POWER = Pattern.compile("(?<=\\d) ?[xX] ?(?=10 ?\\^)");
  private static final Pattern DOTS = Pattern.compile("(?: ?\\.){3,}+");

  private static final List<String> PAIRS = List.of("\"\"", "''", "**", "__", "``", "$$");

  /// What has two characters on a keyboard and one in print.
  private static final List<String[]> TYPED =
      List.of(
          new String[] {"<=>", "⇔"},
          new String[] {"<=", "≤"},
          new String[] {"=<", "≤"},
          new String[] {">=", "≥"},
          new String[] {"!=", "≠"},
          new String[] {"<>", "≠"},
          new String[] {":=", "="},
          new String[] {"==", "="},
          new String[] {"~=", "≈"},
          new String[] {"->", " → "},
          new String[] {"+/-", "±"},
          new String[] {"+-", "±"},
          new String[] {"**", "^"});

  private PlainText() {}

  static String of(String answer) {
    String text = Latex.plain(Characters.plain(answer));
    text = FENCE.matcher(text).replaceAll("").replace("`", "");
    text = listed(LINE_START.matcher(text).replaceAll(""));
    text = STRONG.matcher(text).replaceAll("");
    text = EMPHASIS.matcher(text).replaceAll("$1");
    text = UNDERLINED.matcher(text).replaceAll("$1");
    for (String[] typed : TYPED) {
      text = text.replace(typed[0], typed[1]);
    }
    text = TIMES_POWER.matcher(text).replaceAll("*");
    text = DOTS.matcher(text).replaceAll("...");
    text = HALF_OF_DAY.matcher(text).replaceAll("$1m");
    text = BLANKS.matcher(text).replaceAll(" ").strip();
    return Labels.without(bare(text));
  }

  /// Lines that are points of a list become its parts.
  private static String listed(String text) {
    if (text.indexOf('\n') < 0) {
      return text;
    }
    var joined = new StringBuilder();
    boolean pointBefore = false;
    for (String line : text.strip().split("\n")) {
      Matcher bullet = BULLET.matcher(line);
      boolean point = bullet.matches();
      joined.append(joined.isEmpty() ? "" : point && pointBefore ? ", " : " ");
      joined.append(point ? bullet.group(1).strip() : line);
      pointBefore = point;
    }
    return joined.toString();
  }

  /// Without quotes around it and the stop at its end. Three dots at the end are kept: they count.
  static String bare(String text) {
    String rest = text.strip();
    for (int i = 0; i < 8; i++) {
      String before = rest;
      if (rest.endsWith(".") && !rest.endsWith("...") || rest.endsWith(";") || rest.endsWith(",")) {
        rest = rest.substring(0, rest.length() - 1).strip();
      }
      for (String pair : PAIRS) {
        rest = unwrapped(rest, pair.charAt(0), pair.charAt(1));
      }
      if (rest.equals(before)) {
        return rest;
      }
    }
    return rest;
  }

  private static String unwrapped(String text, char open, char close) {
    boolean wrapped =
        text.length() > 1
            && text.charAt(0) == open
            && text.charAt(text.length() - 1) == close
            && text.indexOf(close, 1) == text.length() - 1;
    return wrapped ? text.substring(1, text.length() - 1).strip() : text;
  }
}
