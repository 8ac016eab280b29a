package dev.ponder.stage;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A line of a conclusion that begins with a label, such as `**Final Answer:** 13`, taken apart.
///
/// @param label its words without markup, as they are written
/// @param value what follows on the same line, without the markup that belongs to the label; empty
///     if nothing does
/// @param sign the colon or the equals sign that follows the label; a blank behind a heading
record LabelledLine(String label, String value, char sign) {

  /// A longer label is a sentence.
  private static final int LONGEST_LABEL = 48;

  /// What can stand before a label: headings, quotes, lists, emphasis and code.
  private static final String MARKUP = " \t\u00a0#>*_`~+-•·|[【(";

  /// What can stand between a label and its colon, or end a heading.
  private static final String AFTER = " \t\u00a0*_`~#])】|}";

  private static final String COLONS = ":：﹕︰";

  /// Words before the name that say no more than the name does.
  private static final Set<String> BEFORE =
      Set.of(
          "the",
          "my",
          "our",
          "your",
          "so",
          "thus",
          "hence",
          "therefore",
          "and",
          "final",
          "correct",
          "short",
          "own",
          "overall",
          "recomputed",
          "verified",
          "stated",
          "best",
          "resulting");

  /// Words behind the name that say no more than the name does.
  private static final Set<String> BEHIND =
      Set.of("answer", "value", "level", "score", "estimate", "is", "alone", "line");

  /// The line taken apart, or null if it begins with no label. Looks at its beginning only.
  static @Nullable LabelledLine of(String line) {
    int at = labelStart(line);
    int end = at;
    int most = Math.min(line.length(), at + LONGEST_LABEL);
    while (end < most && isOfLabel(line.charAt(end))) {
      end++;
    }
    String label = line.substring(at, end).strip();
    if (label.isEmpty() || (end == most && end < line.length())) {
      return null;
    }
    int after = skip(line, end, AFTER);
    if (after == line.length()) {
      return new LabelledLine(label, "", ' ');
    }
    char c = line.charAt(after);
    if (COLONS.indexOf(c) < 0 && c != '=') {
      return null;
    }
    return new LabelledLine(label, valueFrom(line, after + 1), c);
  }

  boolean isHeading() {
    return sign == ' ';
  }

  boolean isEquation() {
    return sign == '=';
  }

  private static int labelStart(String line) {
    int at = skip(line, 0, MARKUP);
    int digits = at;
    while (digits < line.length() && digits - at < 3 && Character.isDigit(line.charAt(digits))) {
      digits++;
    }
    if (digits > at && digits < line.length() && ".)".indexOf(line.charAt(digits)) >= 0) {
      at = skip(line, digits + 1, MARKUP);
    }
    for (String opening :
        new String[] {"\\textbf{", "\\text{", "\\boxed{\\text{", "<b>", "<strong>"}) {
      if (line.startsWith(opening, at)) {
        return skip(line, at + opening.length(), MARKUP);
      }
    }
    return at;
  }

  private static boolean isOfLabel(char c) {
    return Character.isLetter(c) || c == ' ' || c == '-' || c == '\'' || c == '’';
  }

  /// The markup that closes what was opened before the label belongs to the label.
  private static String valueFrom(String line, int from) {
    String value = line.substring(from).strip();
    for (String closing :
        new String[] {"</b>", "</strong>", "}", "***", "**", "__", "*", "_", "`", "]", "】"}) {
      boolean opened =
          switch (closing) {
            case "</b>", "</strong>" -> true;
            case "}" -> line.contains("\\text") && line.indexOf("\\text") < from;
            case "]" -> line.lastIndexOf('[', from) >= 0;
            case "】" -> line.lastIndexOf('【', from) >= 0;
            default -> opens(line, closing, from);
          };
      if (opened && value.startsWith(closing)) {
        return value.substring(closing.length()).strip();
      }
    }
    return value;
  }

  private static boolean opens(String line, String marker, int before) {
    int at = line.indexOf(marker);
    return at >= 0 && at < before && line.indexOf(marker, at + marker.length()) >= before;
  }

  private static int skip(String line, int from, String characters) {
    int at = from;
    while (at < line.length() && characters.indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  /// Whether the label says this name: `The final answer` says `answer`.
  boolean says(String name) {
    String[] words = label.toLowerCase(Locale.ROOT).split("[ -]+");
    int from = 0;
    while (from < words.length - 1 && !words[from].equals(name) && BEFORE.contains(words[from])) {
      from++;
    }
    if (!words[from].equals(name)) {
      return false;
    }
    for (int i = from + 1; i < words.length; i++) {
      if (!BEHIND.contains(words[i])) {
        return false;
      }
    }
    return true;
  }
}
