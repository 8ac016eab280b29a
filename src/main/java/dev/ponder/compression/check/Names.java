package dev.ponder.compression.check;

import dev.ponder.memory.Wording;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names in a text: words with a capital letter that does not begin a sentence, words with
/// digits in them, and what stands in back quotes. Scripts without capitals have none that can be
/// found. Reads the text once, when it is made.
final class Names {

  /// Possessive, because a repeated group that can go back takes a frame of the stack for each
  /// repetition.
  private static final Pattern WORD =
      Pattern.compile(
          "`[^`\\n]{1,80}+`"
              + "|[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_]*+(?:['’-](?=[\\p{L}\\p{N}])[\\p{L}\\p{M}\\p{N}_]++)*+");
  private static final Pattern POSSESSIVE = Pattern.compile("['’]s$");
  private static final Pattern ORDINAL = Pattern.compile("\\d++(?:st|nd|rd|th)");
  private static final Pattern MEASURED = Pattern.compile("\\d++(\\p{L}++)");

  private enum Place {
    /// At the beginning of a sentence or of a line.
    START,
    /// Before a colon at the beginning of a line: it says what follows, and is no name itself.
    LABEL,
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
      boolean within =
          text.substring(text.offsetByCodePoints(0, 1))
              .codePoints()
              .anyMatch(Character::isUpperCase);
      return letter && (digit() || within || text.indexOf('_') >= 0) && !ordinal() && !measured();
    }

    boolean digit() {
      return text.codePoints().anyMatch(Character::isDigit);
    }

    private boolean ordinal() {
      return ORDINAL.matcher(text).matches();
    }

    private boolean measured() {
      Matcher matcher = MEASURED.matcher(text);
      return matcher.matches() && Units.known(matcher.group(1)) != null;
    }

    boolean single() {
      return text.codePointCount(0, text.length()) == 1;
    }
  }

  private final List<Word> words;
  private final Set<String> exact = new HashSet<>();
  private final Set<String> folded = new HashSet<>();
  private final Set<String> small = new HashSet<>();
  private final Set<String> capitalWithin = new HashSet<>();
  private final Set<String> lower = new HashSet<>();

  private Names(String text) {
    this.words = words(text);
    for (Word word : words) {
      exact.add(word.text());
      small.add(word.text().toLowerCase(Locale.ROOT));
      if (!word.single()) {
        folded.add(folded(word.text()));
      }
      if (!word.capital()) {
        lower.add(word.text());
      } else if (word.place() == Place.WITHIN) {
        capitalWithin.add(word.text());
      }
    }
  }

  /// The words and names of a text in [Wording#plain] form.
  static Names of(String text) {
    return new Names(text);
  }

  /// The names that a statement of this text rests on. The text shows which capitals are those of
  /// sentences.
  Set<String> in(String statement) {
    Set<String> names = new LinkedHashSet<>();
    for (Word word : words(statement)) {
      if (isName(word)) {
        names.add(word.text());
      }
    }
    return names;
  }

  private boolean isName(Word word) {
    String text = word.text();
    if (word.code()) {
      return true;
    }
    if (!word.capital() || text.equals("I")) {
      return false;
    }
    if (word.single()) {
      return !text.equals("A") || word.place() == Place.WITHIN || word.place() == Place.AFTER_COLON;
    }
    if (Wording.isPlainWord(text)) {
      return false;
    }
    String small = text.toLowerCase(Locale.ROOT);
    return switch (word.place()) {
      case LABEL -> false;
      case WITHIN -> true;
      case AFTER_COLON -> !lower.contains(small);
      case START -> capitalWithin.contains(text) || (!lower.contains(small) && !isInflected(small));
    };
  }

  private static boolean isInflected(String word) {
    return word.endsWith("ing") || word.endsWith("ed") || word.endsWith("ly");
  }

  /// Whether the text has a name, as a word of its own. Names of one letter are written alike.
  boolean has(String name) {
    return exact.contains(name) || (name.length() > 1 && folded.contains(folded(name)));
  }

  /// As [String#equalsIgnoreCase] compares.
  private static String folded(String word) {
    char[] letters = word.toCharArray();
    for (int i = 0; i < letters.length; i++) {
      letters[i] = Character.toLowerCase(Character.toUpperCase(letters[i]));
    }
    return new String(letters);
  }

  /// The names of this summary that a thought does not have in any writing.
  List<String> notIn(Names thought) {
    List<String> invented = new ArrayList<>();
    for (Word word : words) {
      // `RESULT` at the beginning of a line is a heading.
      boolean name =
          (word.code() && (word.digit() || word.place() == Place.WITHIN))
              || (word.place() == Place.WITHIN
                  && word.capital()
                  && !word.single()
                  && !Wording.isPlainWord(word.text()));
      if (name && !thought.small.contains(word.text().toLowerCase(Locale.ROOT))) {
        invented.add(word.text());
      }
    }
    return invented;
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      Wording.stopIfInterrupted();
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
    if (end < text.length() && text.charAt(end) == ':' && lineBegins(text, start)) {
      return Place.LABEL;
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

  /// Whether nothing but blanks stands before this place in its line.
  private static boolean lineBegins(String text, int at) {
    int i = at - 1;
    while (i >= 0 && text.charAt(i) != '\n' && Character.isWhitespace(text.charAt(i))) {
      i--;
    }
    return i < 0 || text.charAt(i) == '\n';
  }
}
