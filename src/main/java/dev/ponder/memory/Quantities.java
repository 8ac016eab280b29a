package dev.ponder.memory;

import dev.ponder.memory.Quantity.Bound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the numbers in a text. A number inside of a word or of another number is none.
final class Quantities {

  /// Digits beyond this are compared as they are written.
  private static final int LONGEST = 40;

  private static final List<String> SMALL =
      List.of(
          ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                  + " fifteen sixteen seventeen eighteen nineteen")
              .split(" "));
  private static final List<String> TENS =
      List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));
  private static final String WORDS = String.join("|", SMALL) + "|" + String.join("|", TENS);

  private static final Pattern NUMBER =
      Pattern.compile(
          """
          (?<![\\p{L}\\p{N}_])(?:
            (?<exact>\\d{4}-\\d\\d-\\d\\d|\\d{1,2}:\\d\\d(?::\\d\\d)?+|\\d++(?:\\.\\d++){2,}+|\\d++/\\d++)(?![\\d/])
            |(?<thousands>\\d{1,3}(?:,\\d{3})+(?:\\.\\d++)?+)(?!\\d|,\\d)
            |(?<!\\d,)(?<comma>\\d++,\\d++)(?!,\\d)
            |(?<plain>\\d++(?:\\.\\d++)?+(?:[eE][+-]?\\d{1,3}+(?![\\p{L}\\d]))?+|\\.\\d++)
            |(?i:(?<word>(?:%s)(?:-(?:%s))?))(?![\\p{L}-])
          )(?!\\p{L}+\\d)
          """
              .formatted(WORDS, WORDS),
          Pattern.COMMENTS);

  private static final Pattern ORDINAL = Pattern.compile("^(?:st|nd|rd|th)\\b");
  private static final Pattern SCALE =
      Pattern.compile("^ (thousand|million|billion|trillion)\\b", Pattern.CASE_INSENSITIVE);
  private static final Map<String, Integer> SCALES =
      Map.of("thousand", 3, "million", 6, "billion", 9, "trillion", 12);

  /// Tried in this order: the longer phrase contains the shorter one.
  private static final Map<Bound, Pattern> BEFORE = new LinkedHashMap<>();

  private static final Map<Bound, Pattern> AFTER = new LinkedHashMap<>();

  static {
    before(
        Bound.AT_LEAST,
        "at least|(?:no|not) (?:less|fewer|lower) than|(?:a )?minimum(?: of)?|≥|>=|=>|\\\\geq?");
    before(
        Bound.AT_MOST,
        "at most|(?:no|not) (?:more|greater|higher|over) than|(?:a )?maximum(?: of)?|up to|≤|<=|=<|\\\\leq?");
    before(Bound.MORE, "(?:more|greater|higher|larger|longer|older) than|over|above|>");
    before(Bound.LESS, "(?:less|fewer|lower|smaller|shorter|younger) than|under|below|<");
    before(Bound.ABOUT, "about|around|approximately|approx\\.?|roughly|nearly|almost|~|≈|±");
    before(Bound.NOT, "(?:is|are|was|were|does|do|be) not(?: equal(?: to)?)?|isn't|not|≠|!=|<>");
    after(
        Bound.AT_LEAST, "or (?:more|above|higher|over|greater)|at (?:the )?least|and (?:up|above)");
    after(Bound.AT_MOST, "or (?:less|fewer|below|lower|under)|at (?:the )?most");
  }

  private static void before(Bound bound, String phrases) {
    BEFORE.put(
        bound,
        Pattern.compile(
            "(?:^|(?<![\\p{L}<>=!]))(?:%s) ?[$€£¥₹]? ?-?$".formatted(phrases),
            Pattern.CASE_INSENSITIVE));
  }

  private static void after(Bound bound, String phrases) {
    AFTER.put(
        bound,
        Pattern.compile(
            "^(?:%%| ?[$€£¥₹]|\\p{L}{1,3}\\b)?(?: [\\p{L}/%%]+){0,3}?,? (?:%s)\\b"
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
    String rest = text.substring(end, Math.min(text.length(), end + 80));
    Matcher suffix = ORDINAL.matcher(rest);
    boolean ordinal = suffix.find();
    rest = ordinal ? rest.substring(suffix.end()) : rest;
    String number = number(matcher);
    Matcher scale = SCALE.matcher(rest);
    if (scale.find() && matcher.group("exact") == null) {
      number = canonical(new BigDecimal(number).scaleByPowerOfTen(zeros(scale.group(1))));
      rest = rest.substring(scale.end());
    }
    number = isNegative(start) ? "-" + number : number;
    String unit = currencyBefore(start);
    unit = unit == null ? Units.after(rest) : unit;
    var around = new Surroundings(beforeItsBound(start), rest);
    String counted = unit == null && !ordinal ? around.counted() : null;
    String sign = isNegative(start) ? "-" : "";
    Bound bound = bound(start, rest);
    String named = unit != null ? " " + unit : counted != null ? " " + counted : "";
    String words = bound == Bound.NONE ? "" : bound.name().toLowerCase(Locale.ROOT) + " ";
    return new Quantity(
        number,
        unit,
        bound,
        counted,
        around.words(),
        words.replace('_', ' ') + sign + matcher.group() + named);
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

  /// A minus is a sign unless it takes something from what stands before it.
  private boolean isNegative(int start) {
    String before = text.substring(Math.max(0, start - 40), start).replaceFirst("[$€£¥₹] ?$", "");
    Matcher word = Pattern.compile("(?i)\\b(?:minus|negative) $").matcher(before);
    int at = word.find() ? word.start() : before.endsWith("-") ? before.length() - 1 : -1;
    if (at < 0) {
      return false;
    }
    String taken = before.substring(0, at).stripTrailing();
    char last = taken.isEmpty() ? ' ' : taken.charAt(taken.length() - 1);
    return !Character.isDigit(last) && ")]%".indexOf(last) < 0;
  }

  private @Nullable String currencyBefore(int start) {
    String before = text.substring(Math.max(0, start - 3), start).replaceFirst("-$", "").strip();
    return before.isEmpty() ? null : currency(before.charAt(before.length() - 1));
  }

  private static @Nullable String currency(char symbol) {
    return "$€£¥₹".indexOf(symbol) < 0 ? null : Units.known(String.valueOf(symbol));
  }

  /// The text before a number without the words that make it a bound.
  private String beforeItsBound(int start) {
    String before = text.substring(Math.max(0, start - 80), start);
    for (Pattern bound : BEFORE.values()) {
      Matcher matcher = bound.matcher(before);
      if (matcher.find()) {
        return before.substring(0, matcher.start());
      }
    }
    return before;
  }

  private Bound bound(int start, String rest) {
    String before = text.substring(Math.max(0, start - 40), start);
    for (var each : BEFORE.entrySet()) {
      if (each.getValue().matcher(before).find()) {
        return each.getKey();
      }
    }
    for (var each : AFTER.entrySet()) {
      if (each.getValue().matcher(rest).find()) {
        return each.getKey();
      }
    }
    return Bound.NONE;
  }

  /// The words around a number, up to the next punctuation mark or number.
  private record Surroundings(String before, String after) {

    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’-]*");

    /// `apples: 5` and `the apples left are 5`.
    private static final Pattern LINKED =
        Pattern.compile(
            "((?:\\p{L}[\\p{L}'’-]* ){0,3}\\p{L}[\\p{L}'’-]*)(?: ?[:=]| is| are| was| were) ?[$€£¥₹]?-?$");

    private static final int MOST = 4;

    /// The noun in `5 red apples left`: a plural, or else the last content word of those that
    /// follow at once.
    @Nullable String counted() {
      String noun = null;
      for (String word : following()) {
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
      List<String> words = new ArrayList<>(following());
      Matcher linked = LINKED.matcher(before);
      if (linked.find()) {
        WORD.matcher(linked.group(1)).results().forEach(match -> words.add(match.group()));
      }
      return words.stream().map(Wording::stem).toList();
    }

    private List<String> following() {
      String near = after.split("[,;.:!?()\\[\\]\\n\\d=+*/<>]", 2)[0];
      return WORD.matcher(near).results().map(match -> match.group()).limit(MOST).toList();
    }
  }
}
