package dev.ponder.stage;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A value that a conclusion gives, without the markup around it.
final class PlainValue {

  private static final List<String> MARKERS =
      List.of("***", "**", "__", "```", "`", "~~", "*", "_");

  /// A name of a program such as `__init__`, whose underscores are its own.
  private static final Pattern IDENTIFIER = Pattern.compile("_*[a-z][a-z0-9_]*+");

  private static final Pattern NUMBER =
      Pattern.compile(
          "(\\d{1,12}(?:[.,]\\d{1,12})?|[.,]\\d{1,12})\\s*(%|percent|/\\s*\\d{1,6}|out of \\d{1,6})?");

  private static final Pattern WORD = Pattern.compile("[\\p{L}']{1,30}|[✓✔✅☑✗✘❌✕]");

  /// Rounds of unwrapping at most: markup in markup is rarely deeper than three.
  private static final int DEEPEST = 8;

  private PlainValue() {}

  /// Without emphasis, code marks, display brackets of LaTeX, a box around all of it, and a label
  /// that is repeated.
  static String of(String name, String value) {
    String text = value.strip();
    for (int round = 0; round < DEEPEST; round++) {
      String before = text;
      text = unlabelled(name, unwrapped(unmarked(text)));
      if (text.equals(before)) {
        break;
      }
    }
    return text.chars().allMatch(c -> "*_#>`~- \t\\".indexOf(c) >= 0) ? "" : text;
  }

  private static String unmarked(String value) {
    String text = value;
    while (text.endsWith("\\\\") || text.endsWith("<br>") || text.endsWith("<br/>")) {
      text = text.substring(0, text.lastIndexOf(text.endsWith("\\\\") ? "\\\\" : "<br")).strip();
    }
    for (String marker : MARKERS) {
      if (text.startsWith(marker) && !IDENTIFIER.matcher(text).matches()) {
        String inner = text.substring(marker.length());
        int partner = inner.indexOf(marker);
        if (partner < 0 && marker.length() > 1) {
          return inner.strip();
        }
        boolean emphasis = partner > 0 && !Character.isWhitespace(inner.charAt(0));
        if (emphasis) {
          return (inner.substring(0, partner) + inner.substring(partner + marker.length())).strip();
        }
      }
      if (text.length() > marker.length() && text.endsWith(marker)) {
        String inner = text.substring(0, text.length() - marker.length());
        int partner = inner.lastIndexOf(marker);
        if (partner < 0) {
          // One that was opened before the label.
          return marker.startsWith("_") ? text : inner.strip();
        }
        if (IDENTIFIER.matcher(text).matches()) {
          return text;
        }
        return (inner.substring(0, partner) + inner.substring(partner + marker.length())).strip();
      }
    }
    return text;
  }

  /// Text in a box, in display brackets or in angle brackets, as a prompt shows a place to fill in.
  private static String unwrapped(String text) {
    for (String[] pair :
        new String[][] {{"\\[", "\\]"}, {"$$", "$$"}, {"\\(", "\\)"}, {"$", "$"}}) {
      if (isWrapped(text, pair[0], pair[1])) {
        String inner = text.substring(pair[0].length(), text.length() - pair[1].length()).strip();
        String unboxed = unboxed(inner);
        if (unboxed.equals(inner) && inner.indexOf('\\') < 0 && inner.indexOf('^') < 0) {
          return inner;
        }
        boolean plain = unboxed.indexOf('\\') < 0 && unboxed.indexOf('^') < 0;
        return plain ? unboxed : pair[0] + unboxed + pair[1];
      }
    }
    boolean place =
        isWrapped(text, "<", ">")
            && text.indexOf('<', 1) < 0
            && text.indexOf('>') == text.length() - 1;
    return place ? text.substring(1, text.length() - 1).strip() : unboxed(text);
  }

  private static boolean isWrapped(String text, String open, String close) {
    int least = open.length() + close.length();
    return text.length() > least
        && text.startsWith(open)
        && text.endsWith(close)
        && text.indexOf(close, open.length()) == text.length() - close.length();
  }

  private static String unboxed(String text) {
    String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return bare.startsWith("\\boxed{") && end(bare, 6) == bare.length()
        ? bare.substring(7, bare.length() - 1).strip()
        : text;
  }

  private static String unlabelled(String name, String text) {
    LabelledLine line = text.indexOf('\n') < 0 ? LabelledLine.of(text) : null;
    return line != null && !line.isHeading() && !line.value().isEmpty() && line.says(name)
        ? line.value()
        : text;
  }

  /// What is in the last `\boxed{…}` of a text.
  static Optional<String> boxed(String text) {
    int at = text.lastIndexOf("\\boxed{");
    if (at < 0) {
      return Optional.empty();
    }
    int end = end(text, at + 6);
    return end < 0
        ? Optional.empty()
        : Optional.of(text.substring(at + 7, end - 1).strip()).filter(inner -> !inner.isEmpty());
  }

  /// Behind the brace that closes the one at `open`, or -1. A brace behind a backslash is text.
  private static int end(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /// `correct` or `wrong`, by the first word that says one of them.
  static Optional<String> verdict(String value) {
    Matcher words = WORD.matcher(value.toLowerCase(Locale.ROOT));
    boolean not = false;
    while (words.find()) {
      String word = words.group().replace("'", "");
      switch (word) {
        case "not", "isnt", "cannot", "never", "partially", "partly", "mostly", "no" -> not = true;
        case "correct",
            "right",
            "true",
            "yes",
            "valid",
            "confirmed",
            "verified",
            "accepted",
            "holds",
            "stands",
            "ok",
            "✓",
            "✔",
            "✅",
            "☑" -> {
          return Optional.of(not ? "wrong" : "correct");
        }
        case "incorrect",
            "wrong",
            "false",
            "invalid",
            "rejected",
            "refuted",
            "fails",
            "✗",
            "✘",
            "❌",
            "✕" -> {
          return Optional.of(not && !word.equals("fails") ? "correct" : "wrong");
        }
        default -> {}
      }
    }
    return not ? Optional.of("wrong") : Optional.empty();
  }

  /// A probability as a number from 0 to 1: `95%`, `0,95`, `.95`, `9/10`. A word such as `high` is
  /// no number, and none is made of it.
  static Optional<String> confidence(String value) {
    Matcher number = NUMBER.matcher(value);
    if (!number.find()) {
      return Optional.empty();
    }
    boolean negative = number.start() > 0 && "-−".indexOf(value.charAt(number.start() - 1)) >= 0;
    String figure = number.group(1).replace(',', '.');
    BigDecimal stated = new BigDecimal(figure.startsWith(".") ? "0" + figure : figure);
    String of = number.group(2);
    BigDecimal whole = BigDecimal.ONE;
    if (of != null) {
      String digits = of.replaceAll("\\D+", "");
      whole = digits.isEmpty() ? BigDecimal.valueOf(100) : new BigDecimal(digits);
    } else if (stated.compareTo(BigDecimal.TEN) >= 0
        && value.substring(0, number.start()).chars().noneMatch(Character::isLetter)) {
      // Nobody means 95 of anything but of 100.
      whole = BigDecimal.valueOf(100);
    }
    // Less than a percent is a probability with a sign too many, or is not.
    boolean unclear = of != null && stated.signum() > 0 && stated.compareTo(BigDecimal.ONE) < 0;
    if (negative || unclear || whole.signum() == 0) {
      return Optional.empty();
    }
    BigDecimal part = stated.divide(whole, MathContext.DECIMAL32);
    return part.compareTo(BigDecimal.ONE) > 0
        ? Optional.empty()
        : Optional.of(part.stripTrailingZeros().toPlainString());
  }
}
