package dev.ponder.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A conclusion written the way patterns expect it: a line that gives the value of one name becomes
/// `Name: value`, whatever markup stands around it and on whichever line the value is. Everything
/// else stays as it is. Takes time in proportion to the text.
final class PlainConclusion {

  /// Lines of a value at most: a display formula, a list or a block of code.
  private static final int MOST_LINES = 40;

  private static final List<String> NAMES = List.of("answer", "candidate", "verdict", "confidence");

  private static final Set<String> REMARKS =
      Set.of(
          "correct",
          "incorrect",
          "wrong",
          "right",
          "verified",
          "confirmed",
          "valid",
          "invalid",
          "not",
          "clear",
          "obvious",
          "that",
          "as",
          "given",
          "consistent",
          "supported",
          "based",
          "plausible",
          "reasonable",
          "likely",
          "below",
          "above",
          "therefore",
          "thus",
          "indeed");

  private final String name;
  private final List<String> lines;

  PlainConclusion(String name, String conclusion) {
    this.name = name;
    this.lines = conclusion.lines().toList();
  }

  /// The word that stands in front of a value: `Answer` for `answer`.
  static String label(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  String text() {
    var text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(plain(i)).append('\n');
    }
    return text.toString();
  }

  private String plain(int at) {
    LabelledLine line = LabelledLine.of(lines.get(at));
    if (line == null) {
      return lines.get(at);
    }
    boolean named = line.says(name);
    if (!named && (line.isHeading() || line.isEquation() || NAMES.stream().anyMatch(line::says))) {
      return lines.get(at);
    }
    String value = isOpen(line.value()) ? block(at, line.value()) : line.value();
    if (value.isEmpty()) {
      value = below(at);
    }
    return (named ? label(name) : line.label()) + ": " + (named ? canonical(value) : value);
  }

  private String canonical(String value) {
    String plain = PlainValue.of(name, value);
    Optional<String> canonical =
        switch (name) {
          case "verdict" -> PlainValue.verdict(plain);
          case "confidence" -> PlainValue.confidence(plain);
          default -> Optional.of(plain);
        };
    return canonical.orElse(plain);
  }

  /// The value that stands below a label: the next line that is not blank, unless it is a label
  /// too.
  private String below(int at) {
    int next = at + 1;
    while (next < lines.size() && lines.get(next).isBlank()) {
      next++;
    }
    if (next == lines.size() || next - at > MOST_LINES) {
      return "";
    }
    String first = unquoted(lines.get(next));
    LabelledLine other = LabelledLine.of(first);
    if (first.startsWith("#") || (other != null && NAMES.stream().anyMatch(other::says))) {
      return "";
    }
    if (isOpen(first)) {
      return block(next, first);
    }
    String item = item(first);
    return item == null ? first : list(next);
  }

  private static String unquoted(String line) {
    String text = line.strip();
    while (text.startsWith(">")) {
      text = text.substring(1).strip();
    }
    return text;
  }

  /// Whether a formula or a block of code begins here and does not end here.
  private static boolean isOpen(String text) {
    String close = closing(text);
    return close != null && text.indexOf(close, 2) < 0;
  }

  private static @Nullable String closing(String text) {
    return text.startsWith("\\[")
        ? "\\]"
        : text.startsWith("$$") ? "$$" : text.startsWith("```") ? "```" : null;
  }

  /// A formula or a block of code as one line.
  private String block(int at, String first) {
    String close = closing(first);
    boolean code = first.startsWith("```");
    var text = new StringBuilder(code ? "" : first);
    for (int i = at + 1; i < Math.min(lines.size(), at + MOST_LINES); i++) {
      String line = lines.get(i).strip();
      int end = line.indexOf(close);
      if (end >= 0 && code) {
        return text.toString().strip();
      }
      text.append(' ').append(end < 0 ? line : line.substring(0, end + close.length()));
      if (end >= 0) {
        return text.toString();
      }
    }
    return first;
  }

  /// A list, item by item.
  private String list(int at) {
    List<String> items = new ArrayList<>();
    for (int i = at; i < Math.min(lines.size(), at + MOST_LINES); i++) {
      String item = item(unquoted(lines.get(i)));
      if (item == null) {
        break;
      }
      items.add(PlainValue.of(name, item));
    }
    return String.join(", ", items);
  }

  private static @Nullable String item(String line) {
    boolean item =
        line.length() > 2 && "-*+•".indexOf(line.charAt(0)) >= 0 && line.charAt(1) == ' ';
    return item ? line.substring(2).strip() : null;
  }

  /// What no label gives: the value in tags of the name, in the last box, or in the sentence that
  /// says it.
  static Optional<String> unlabelled(String name, String conclusion) {
    Optional<String> tagged = tagged(name, conclusion);
    if (tagged.isPresent()) {
      return tagged;
    }
    return switch (name) {
      case "answer", "candidate" -> PlainValue.boxed(conclusion).or(() -> said(name, conclusion));
      default -> Optional.empty();
    };
  }

  /// `The answer is correct.` says something about an answer and gives none.
  private static boolean isRemark(String value) {
    String first = value.strip().toLowerCase(Locale.ROOT).split("[^\\p{L}]", 2)[0];
    return REMARKS.contains(first);
  }

  private static Optional<String> tagged(String name, String conclusion) {
    int end = conclusion.lastIndexOf("</" + name + ">");
    int start = end < 0 ? -1 : conclusion.lastIndexOf("<" + name + ">", end);
    if (start < 0) {
      return Optional.empty();
    }
    String value = conclusion.substring(start + name.length() + 2, end).strip();
    return Optional.of(value).filter(text -> !text.isEmpty() && text.indexOf('\n') < 0);
  }

  /// `So the final answer is 13.`, at the beginning of one of the last lines.
  private static Optional<String> said(String name, String conclusion) {
    List<String> lines = conclusion.lines().filter(line -> !line.isBlank()).toList();
    for (int i = lines.size() - 1; i >= Math.max(0, lines.size() - 3); i--) {
      String line = lines.get(i).strip();
      String beginning = line.substring(0, Math.min(60, line.length())).toLowerCase(Locale.ROOT);
      int at = beginning.indexOf(name + " is ");
      String before = at < 0 ? "" : line.substring(0, at + name.length()).replace(",", "");
      LabelledLine label = at < 0 ? null : LabelledLine.of(before);
      if (label != null && label.says(name) && !isRemark(line.substring(at + name.length() + 4))) {
        String value = line.substring(at + name.length() + 4).strip();
        String bare = value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
        return Optional.of(bare).filter(text -> !text.isEmpty());
      }
    }
    return Optional.empty();
  }
}
