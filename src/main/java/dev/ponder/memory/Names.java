package dev.ponder.memory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the names in a text: words with a capital letter that does not begin a sentence, words
/// with digits in them, and what stands in back quotes. Scripts without capitals have none that
/// can be found.
final class Names {

  private static final Pattern WORD =
      Pattern.compile(
          "`[^`\\n]{1,80}`|[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}_]|['’-](?=[\\p{L}\\p{N}]))*");
  private static final Pattern POSSESSIVE = Pattern.compile("['’]s$");

  private Names() {}

  private enum Place {
    /// At the beginning of a sentence or of a line.
    START,
    AFTER_COLON,
    WITHIN
  }

  private record Word(String text, Place place) {
    boolean capital() {
      return Character.isUpperCase(text.codePointAt(0));
    }

    /// `A17`, `x_2`, `camelCase`: written by a rule, so a name wherever it stands.
    boolean code() {
      boolean letter = text.codePoints().anyMatch(Character::isLetter);
      boolean digit = text.codePoints().anyMatch(Character::isDigit);
      boolean within =
          text.substring(text.offsetByCodePoints(0, 1))
              .codePoints()
              .anyMatch(Character::isUpperCase);
      boolean ordinal = text.matches("\\d+(?:st|nd|rd|th)");
      boolean unit =
          text.matches("\\d+\\p{L}+") && Units.known(text.replaceFirst("^\\d+", "")) != null;
      return letter && !ordinal && !unit && (digit || within || text.indexOf('_') >= 0);
    }

    boolean single() {
      return text.codePointCount(0, text.length()) == 1;
    }
  }

  /// The names that a statement rests on.
  ///
  /// @param context all of the thought, which shows which capitals are those of sentences
  static Set<String> in(String statement, String context) {
    Set<String> within = new HashSet<>();
    Set<String> lower = new HashSet<>();
    for (Word word : words(context)) {
      if (word.capital()) {
        if (word.place() == Place.WITHIN) {
          within.add(word.text());
        }
      } else {
        lower.add(word.text());
      }
    }
    Set<String> names = new LinkedHashSet<>();
    for (Word word : words(statement)) {
      if (isName(word, within, lower)) {
        names.add(word.text());
      }
    }
    return names;
  }

  private static boolean isName(Word word, Set<String> within, Set<String> lower) {
    String text = word.text();
    if (word.code()) {
      return true;
    }
    if (!word.capital() || text.equals("I")) {
      return false;
    }
    if (word.single()) {
      return word.place() != Place.START || !text.equals("A");
    }
    if (Wording.isPlainWord(text)) {
      return false;
    }
    String small = text.toLowerCase(Locale.ROOT);
    return switch (word.place()) {
      case WITHIN -> true;
      case AFTER_COLON -> !lower.contains(small);
      case START ->
          within.contains(text) || (!lower.contains(small) && !small.matches(".*(?:ing|ed|ly)"));
    };
  }

  /// Whether a text has a name, as a word of its own.
  static boolean has(String text, String name) {
    for (Word word : words(text)) {
      boolean same =
          word.single() || name.length() == 1
              ? word.text().equals(name)
              : word.text().equalsIgnoreCase(name);
      if (same) {
        return true;
      }
    }
    return false;
  }

  /// The names of a summary that the thought does not have in any writing.
  static List<String> notIn(String context, String summary) {
    Set<String> known = new HashSet<>();
    words(context).forEach(word -> known.add(word.text().toLowerCase(Locale.ROOT)));
    List<String> invented = new ArrayList<>();
    for (Word word : words(summary)) {
      boolean digit = word.text().codePoints().anyMatch(Character::isDigit);
      // `RESULT` at the beginning of a line is a heading.
      boolean name =
          (word.code() && (digit || word.place() == Place.WITHIN))
              || (word.place() == Place.WITHIN
                  && word.capital()
                  && !word.single()
                  && !Wording.isPlainWord(word.text()));
      if (name && !known.contains(word.text().toLowerCase(Locale.ROOT))) {
        invented.add(word.text());
      }
    }
    return invented;
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String word = POSSESSIVE.matcher(matcher.group().replace("`", "")).replaceFirst("");
      if (word.isEmpty()) {
        continue;
      }
      char before = matcher.start() == 0 ? ' ' : text.charAt(matcher.start() - 1);
      boolean ofANumber = before == '°' || (before == '.' && Character.isDigit(word.charAt(0)));
      if (!ofANumber && word.codePoints().anyMatch(Character::isLetter)) {
        words.add(new Word(word, place(text, matcher.start(), matcher.end())));
      }
    }
    return words;
  }

  private static Place place(String text, int start, int end) {
    // A label begins what follows it: `Answer: …`.
    if (end < text.length() && text.charAt(end) == ':' && lineBegins(text, start)) {
      return Place.START;
    }
    int at = start - 1;
    while (at >= 0 && " \"'“”‘’([{*_#".indexOf(text.charAt(at)) >= 0) {
      at--;
    }
    if (at < 0) {
      return Place.START;
    }
    char before = text.charAt(at);
    if (before == '-' || before == '•') {
      return lineBegins(text, at) ? Place.START : Place.WITHIN;
    }
    return ".!?\n".indexOf(before) >= 0
        ? Place.START
        : before == ':' ? Place.AFTER_COLON : Place.WITHIN;
  }

  private static boolean lineBegins(String text, int at) {
    int line = text.lastIndexOf('\n', at - 1) + 1;
    return text.substring(line, at).isBlank();
  }
}
