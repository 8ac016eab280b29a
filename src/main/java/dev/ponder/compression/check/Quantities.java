package dev.ponder.compression.check;

import dev.ponder.compression.check.Quantity.Bound;
import dev.ponder.memory.Wording;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the numbers in a text. A number inside of a word or of another number is none.
final class Quantities {

  /// Digits beyond this are compared as they are written.
  private static final int LONGEST = 40;

  private static final int LONGEST_SHOWN = 100;

  private static final List<String> MINUS = List.of("minus ", "negative ");

  private static final List<String> SMALL =
      List.of(
          ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                  + " fifteen sixteen seventeen eighteen nineteen")
              .split(" "));
  private static final List<String> TENS =
      List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));
  private static final String WORDS = String.join("|", SMALL) + "|" + String.join("|", TENS);

  /// Numbers with more groups or parts than these are read as several: each place of a text is
  /// looked at so far and no further.
  private static final Pattern NUMBER =
      Pattern.compile(
          """
          (?<![\\p{L}\\p{N}_])(?:
            (?<exact>\\d{4}-\\d\\d-\\d\\d|\\d{1,2}:\\d\\d(?::\\d\\d)?+|\\d++(?:\\.\\d++){2,30}+|\\d++/\\d++)(?![\\d/])
            |(?<thousands>\\d{1,3}(?:,\\d{3}){1,13}(?:\\.\\d++)?+)(?!\\d|,\\d)
            |(?<!\\d,)(?<comma>\\d++,\\d++)(?!,\\d)
            |(?<plain>\\d++(?:\\.\\d++)?+(?:[eE][+-]?\\d{1,3}+(?![\\p{L}\\d]))?+|\\.\\d++)
            |(?i:(?<word>(?:%s)(?:-(?:%s))?))(?![\\p{L}-])
          )(?!\\p{L}++\\d)
          """
              .formatted(WORDS, WORDS),
          Pattern.COMMENTS);

  private static final Pattern ORDINAL = Pattern.compile("(?:st|nd|rd|th)\\b");
  private static final Pattern SCALE =
      Pattern.compile(" (thousand|million|billion|trillion)\\b", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> SCALES =
      Map.of("thousand", 3, "million", 6, "billion", 9, "trillion", 12);

  /// Characters around a number that say what it is.
  private static final int AROUND = 80;

  private static final String CURRENCIES = "$€£¥₹";

  /// A phrase that makes the number after it a bound.
  private record Phrase(Bound bound, String text) {}

  /// By the last character of the phrase. Tried in this order: by bound, because `no more than`
  /// contains `more than`, and of one bound the longest first.
  private static final Map<Character, List<Phrase>> BEFORE = new HashMap<>();

  private static final Map<Bound, Pattern> AFTER = new LinkedHashMap<>();

  static {
    before(Bound.AT_LEAST, "at least|{no,not} {less,fewer,lower} than|{a ,}minimum{ of,}");
    before(Bound.AT_LEAST, "≥|>=|=>|\\geq|\\ge");
    before(Bound.AT_MOST, "at most|{no,not} {more,greater,higher,over} than|{a ,}maximum{ of,}");
    before(Bound.AT_MOST, "up to|≤|<=|=<|\\leq|\\le");
    before(Bound.MORE, "{more,greater,higher,larger,longer,older} than|over|above|>");
    before(Bound.LESS, "{less,fewer,lower,smaller,shorter,younger} than|under|below|<");
    before(Bound.ABOUT, "about|around|approximately|approx.|approx|roughly|nearly|almost|~|≈|±");
    before(Bound.NOT, "{is,are,was,were,does,do,be} not{ equal to, equal,}|isn't|not|≠|!=|<>");
    after(
        Bound.AT_LEAST, "or (?:more|above|higher|over|greater)|at (?:the )?least|and (?:up|above)");
    after(Bound.AT_MOST, "or (?:less|fewer|below|lower|under)|at (?:the )?most");
  }

  private static void before(Bound bound, String phrases) {
    for (String phrase : phrases.split("\\|")) {
      for (String each : choices(phrase)) {
        BEFORE
            .computeIfAbsent(each.charAt(each.length() - 1), last -> new ArrayList<>())
            .add(new Phrase(bound, each));
      }
    }
  }

  /// `{no,not} {less,lower} than` written out: what is longer begins with what stands first.
  private static List<String> choices(String phrase) {
    int open = phrase.indexOf('{');
    if (open < 0) {
      return List.of(phrase);
    }
    int close = phrase.indexOf('}');
    List<String> all = new ArrayList<>();
    for (String choice : phrase.substring(open + 1, close).split(",", -1)) {
      all.addAll(choices(phrase.substring(0, open) + choice + phrase.substring(close + 1)));
    }
    return all;
  }

  private static void after(Bound bound, String phrases) {
    AFTER.put(
        bound,
        Pattern.compile(
            "(?:%%| ?[$€£¥₹]|\\p{L}{1,3}\\b)?(?: [\\p{L}/%%]+){0,3}?,? (?:%s)\\b"
                .formatted(phrases),
            Pattern.CASE_INSENSITIVE));
  }

  private final String text;

  private Quantities(String text) {
    this.text = text;
  }

  /// The numbers of a text in [Wording#plain] form.
  static List<Quantity> in(String text) {
    var quantities = new Quantities(text);
    List<Quantity> found = new ArrayList<>();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      Wording.stopIfInterrupted();
      Quantity quantity = quantities.at(matcher);
      if (quantity != null) {
        found.add(quantity);
      }
    }
    return found;
  }

  /// How many zeros a word such as `million` stands for.
  static int zeros(String scale) {
    return SCALES.get(scale.toLowerCase(Locale.ROOT));
  }

  private @Nullable Quantity at(Matcher matcher) {
    int start = matcher.start();
    if (isPartOfAName(start)) {
      return null;
    }
    int end = matcher.end();
    String rest = text.substring(end, Math.min(text.length(), end + AROUND));
    Matcher suffix = ORDINAL.matcher(rest);
    boolean ordinal = suffix.lookingAt();
    rest = ordinal ? rest.substring(suffix.end()) : rest;
    String number = number(matcher);
    Matcher scale = SCALE.matcher(rest);
    if (scale.lookingAt() && matcher.group("exact") == null) {
      number = scaled(number, zeros(scale.group(1)));
      rest = rest.substring(scale.end());
    }
    boolean negative = isNegative(start);
    String sign = negative ? "-" : "";
    String unit = currencyBefore(start);
    unit = unit == null ? Units.after(rest) : unit;
    BoundBefore before = boundBefore(start);
    var around = Surroundings.of(text, before.start(), rest);
    String counted = unit == null && !ordinal ? around.counted() : null;
    Bound bound = before.bound() == Bound.NONE ? boundAfter(rest) : before.bound();
    String named = unit != null ? " " + unit : counted != null ? " " + counted : "";
    String words = bound == Bound.NONE ? "" : bound.name().toLowerCase(Locale.ROOT) + " ";
    return new Quantity(
        sign + number,
        unit,
        bound,
        counted,
        around.words(),
        words.replace('_', ' ') + sign + Wording.brief(matcher.group(), LONGEST_SHOWN) + named);
  }

  /// `valve-17` is a name, and so is `A17`, which does not match at all.
  private boolean isPartOfAName(int start) {
    return start > 1 && text.charAt(start - 1) == '-' && Character.isLetter(text.charAt(start - 2));
  }

  private static String number(Matcher matcher) {
    String exact = matcher.group("exact");
    if (exact != null) {
      return exact;
    }
    String word = matcher.group("word");
    if (word != null) {
      return word(word.toLowerCase(Locale.ROOT));
    }
    String comma = matcher.group("comma");
    String digits =
        comma != null
            ? comma.replace(',', '.')
            : matcher.group("thousands") != null
                ? matcher.group("thousands").replace(",", "")
                : matcher.group("plain");
    return digits.length() > LONGEST ? digits : canonical(new BigDecimal(digits));
  }

  private static String scaled(String number, int zeros) {
    return number.length() > LONGEST
        ? number + "e" + zeros
        : canonical(new BigDecimal(number).scaleByPowerOfTen(zeros));
  }

  private static String word(String word) {
    int sum = 0;
    for (String part : word.split("-")) {
      int small = SMALL.indexOf(part);
      sum += small >= 0 ? small : 20 + 10 * TENS.indexOf(part);
    }
    return String.valueOf(sum);
  }

  private static String canonical(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /// Where a text ends without what matches `[$€£¥₹] ?` at its end.
  private int withoutCurrency(int end) {
    int at = isAt(end - 1, " ") ? end - 1 : end;
    return isAt(at - 1, CURRENCIES) ? at - 1 : end;
  }

  private boolean isAt(int index, String characters) {
    return index >= 0 && characters.indexOf(text.charAt(index)) >= 0;
  }

  private boolean endsWith(int end, String phrase) {
    return text.regionMatches(true, end - phrase.length(), phrase, 0, phrase.length());
  }

  /// A minus is a sign unless it takes something from what stands before it.
  private boolean isNegative(int start) {
    int end = withoutCurrency(start);
    int at = -1;
    for (String word : MINUS) {
      int begin = end - word.length();
      if (endsWith(end, word) && !(begin > 0 && isOfAWord(text.charAt(begin - 1)))) {
        at = begin;
      }
    }
    at = at < 0 && isAt(end - 1, "-") ? end - 1 : at;
    if (at < 0) {
      return false;
    }
    int last = at - 1;
    while (last >= 0 && at - last < AROUND && Character.isWhitespace(text.charAt(last))) {
      last--;
    }
    return last < 0 || !(Character.isDigit(text.charAt(last)) || isAt(last, ")]%"));
  }

  private static boolean isOfAWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private @Nullable String currencyBefore(int start) {
    int end = isAt(start - 1, "-") ? start - 1 : start;
    int at = end - 1;
    while (at >= 0 && at >= start - 3 && Character.isWhitespace(text.charAt(at))) {
      at--;
    }
    return at >= start - 3 && isAt(at, CURRENCIES) ? Units.known(text.substring(at, at + 1)) : null;
  }

  /// What the text before a number makes it, and where that begins; [Bound#NONE] at the number.
  private record BoundBefore(Bound bound, int start) {}

  private BoundBefore boundBefore(int start) {
    int end = isAt(start - 1, "-") ? start - 1 : start;
    end = isAt(end - 1, " ") ? end - 1 : end;
    end = isAt(end - 1, CURRENCIES) ? end - 1 : end;
    end = isAt(end - 1, " ") ? end - 1 : end;
    if (end > 0) {
      char last = Character.toLowerCase(text.charAt(end - 1));
      for (Phrase phrase : BEFORE.getOrDefault(last, List.of())) {
        int begin = end - phrase.text().length();
        if (endsWith(end, phrase.text()) && isFree(begin)) {
          return new BoundBefore(phrase.bound(), begin);
        }
      }
    }
    return new BoundBefore(Bound.NONE, start);
  }

  private boolean isFree(int begin) {
    return begin == 0
        || !(isAt(begin - 1, "<>=!") || Character.isLetter(text.codePointBefore(begin)));
  }

  private static Bound boundAfter(String rest) {
    for (var each : AFTER.entrySet()) {
      if (each.getValue().matcher(rest).lookingAt()) {
        return each.getKey();
      }
    }
    return Bound.NONE;
  }

  /// The words around a number, up to the next punctuation mark or number.
  ///
  /// @param linked the words of `apples: 5` and `the apples left are 5`
  /// @param following those after the number
  private record Surroundings(List<String> linked, List<String> following) {

    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’-]*+");

    private static final String ENDS = ",;.:!?()[]\n=+*/<>";

    private static final List<String> LINKS = List.of(" is", " are", " was", " were");

    private static final int MOST = 4;

    static Surroundings of(String text, int before, String after) {
      int to = linkedUpTo(text, before);
      List<String> linked =
          to < 0 ? List.of() : words(text.substring(linkedFrom(text, to), to), MOST);
      return new Surroundings(linked, words(after.substring(0, near(after)), MOST));
    }

    private static List<String> words(String text, int most) {
      return WORD.matcher(text).results().map(match -> match.group()).limit(most).toList();
    }

    private static int near(String after) {
      int end = 0;
      while (end < after.length()
          && ENDS.indexOf(after.charAt(end)) < 0
          && !(after.charAt(end) >= '0' && after.charAt(end) <= '9')) {
        end++;
      }
      return end;
    }

    /// Where the words end that a colon, an equals sign or a verb links to what comes next; -1
    /// where none does.
    private static int linkedUpTo(String text, int before) {
      int end = before;
      end -= end > 0 && text.charAt(end - 1) == '-' ? 1 : 0;
      end -= end > 0 && CURRENCIES.indexOf(text.charAt(end - 1)) >= 0 ? 1 : 0;
      end -= end > 0 && text.charAt(end - 1) == ' ' ? 1 : 0;
      if (end > 0 && ":=".indexOf(text.charAt(end - 1)) >= 0) {
        end--;
        return end > 0 && text.charAt(end - 1) == ' ' ? end - 1 : end;
      }
      for (String link : LINKS) {
        if (text.startsWith(link, end - link.length())) {
          return end - link.length();
        }
      }
      return -1;
    }

    /// Where the last words begin, with one blank between each two.
    private static int linkedFrom(String text, int to) {
      int least = Math.max(0, to - AROUND);
      int from = to;
      int end = to;
      for (int words = 0; words < MOST; words++) {
        int begin = end;
        while (begin > least && isOfAWord(text.charAt(begin - 1))) {
          begin--;
        }
        int letter = begin;
        while (letter < end && !isLetter(text.charAt(letter))) {
          letter++;
        }
        if (letter == end) {
          return from;
        }
        from = letter;
        if (letter > begin || begin <= least || text.charAt(begin - 1) != ' ') {
          return from;
        }
        end = begin - 1;
      }
      return from;
    }

    private static boolean isOfAWord(char c) {
      return isLetter(c) || c == '\'' || c == '’' || c == '-';
    }

    /// Half of a character beyond the first plane counts: the words are looked for again.
    private static boolean isLetter(char c) {
      return Character.isLetter(c) || Character.isSurrogate(c);
    }

    /// The noun in `5 red apples left`: a plural, or else the last content word of those that
    /// follow at once.
    @Nullable String counted() {
      String noun = null;
      for (String word : following) {
        if (word.length() < 3 || Wording.isPlainWord(word)) {
          break;
        }
        noun = word;
        if (word.endsWith("s") && !word.endsWith("ss")) {
          break;
        }
      }
      return noun;
    }

    List<String> words() {
      return Stream.concat(following.stream(), linked.stream()).map(Wording::stem).toList();
    }
  }
}
