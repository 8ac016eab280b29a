package dev.ponder.stage.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes a text apart where no bracket is open.
final class Parts {

  private static final int MOST = 200;

  /// A comma between digits can belong to a number; one before a blank cannot.
  private static final Pattern LIST =
      Pattern.compile(
          "(?i),\\s++(?:and then|followed by|then|and)\\s++|\\s*+;\\s*+(?:and\\s++)?|,\\s++|\\s++(?:and then|followed by|then|and|&)\\s++|\\s*+→\\s*+");

  private static final Pattern COMMAS = Pattern.compile("\\s*+[,;]\\s*+");
  private static final Pattern COMMAS_AND =
      Pattern.compile("(?i)\\s*+[,;]\\s*+(?:and\\s++)?|\\s++and\\s++");
  private static final Pattern OR = Pattern.compile("(?i),\\s++or\\s++|\\s++or\\s++|,\\s++");
  private static final Pattern UNION =
      Pattern.compile("\\s*+(?:∪|(?<=[)\\]])\\s?U\\s?(?=[(\\[]))\\s*+");
  private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(?:,\\d{3})++(?:\\.\\d++)?");

  private Parts() {}

  /// The parts of a list without brackets; the text itself if it is none.
  static List<String> ofList(String text) {
    List<String> parts = split(text, LIST);
    if (parts.size() == 1 && text.indexOf(',') > 0 && !GROUPED.matcher(text).matches()) {
      parts = split(text, COMMAS);
    }
    return parts;
  }

  /// The parts between two brackets, where a comma divides.
  static List<String> inBrackets(String inside) {
    List<String> spaced = ofList(inside);
    boolean allGrouped =
        spaced.size() > 1 && spaced.stream().anyMatch(part -> GROUPED.matcher(part).matches());
    return allGrouped || spaced.size() > 1 && inside.contains(";")
        ? spaced
        : split(inside, COMMAS_AND);
  }

  static List<String> ofAlternatives(String text) {
    return split(text, OR);
  }

  static List<String> ofUnion(String text) {
    return split(text, UNION);
  }

  /// The place of the bracket that closes the first character; -1 if none does.
  static int closing(String text) {
    int level = 0;
    for (int i = 0; i < text.length(); i++) {
      level += step(text.charAt(i));
      if (level == 0) {
        return i;
      }
    }
    return -1;
  }

  /// Where a character of these stands outside of all brackets; -1 if nowhere.
  static int outside(String text, String wanted, int from) {
    int level = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      level = Math.max(0, level + step(c));
      if (level == 0 && i >= from && wanted.indexOf(c) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static int step(char c) {
    return switch (c) {
      case '(', '[', '{', '⟨' -> 1;
      case ')', ']', '}', '⟩' -> -1;
      default -> 0;
    };
  }

  private static List<String> split(String text, Pattern separator) {
    var parts = new ArrayList<String>();
    Matcher found = separator.matcher(text);
    int start = 0;
    int level = 0;
    int seen = 0;
    while (parts.size() < MOST && found.find()) {
      for (; seen < found.start(); seen++) {
        level = Math.max(0, level + step(text.charAt(seen)));
      }
      if (level == 0) {
        parts.add(text.substring(start, found.start()).strip());
        start = found.end();
      }
    }
    parts.add(text.substring(start).strip());
    parts.removeIf(part -> part.isEmpty());
    return parts.isEmpty() ? List.of(text) : parts;
  }
}
