package dev.ponder.stage.comparison;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// English number words, and the numerals of Chinese and Japanese: `twenty-one`, `two thirds`,
/// `a dozen`, `second`, `十三`.
final class NumberWords {

  private static final int MOST_WORDS = 40;
  private static final Pattern WORD =
      Pattern.compile("\\G[ -]?([A-Za-z]++|\\d++(?:st|nd|rd|th)?+)");
  private static final String HAN_DIGITS = "零一二三四五六七八九";
  private static final Map<Character, Long> HAN_UNITS =
      Map.of('十', 10L, '百', 100L, '千', 1_000L, '万', 10_000L, '萬', 10_000L, '亿', 100_000_000L);

  private static final Map<String, Integer> SMALL = new HashMap<>();
  private static final Map<String, Integer> ORDINALS = new HashMap<>();
  private static final Map<String, Long> SCALES =
      Map.of(
          "thousand", 1_000L,
          "million", 1_000_000L,
          "billion", 1_000_000_000L,
          "trillion", 1_000_000_000_000L);

  /// Bottoms of fractions that are no ordinals, or whose ordinal is a unit of time: "a second".
  private static final Map<String, Integer> PARTS =
      Map.of("half", 2, "halves", 2, "quarter", 4, "quarters", 4);

  static {
    String[] small =
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
                + " fifteen sixteen seventeen eighteen nineteen")
            .split(" ");
    String[] ordinals =
        ("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
                + " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
            .split(" ");
    for (int i = 0; i < small.length; i++) {
      SMALL.put(small[i], i);
      ORDINALS.put(ordinals[i], i);
    }
    String[] tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
    for (int i = 0; i < tens.length; i++) {
      SMALL.put(tens[i], 20 + 10 * i);
      ORDINALS.put(tens[i].replaceFirst("y$", "ieth"), 20 + 10 * i);
    }
    SMALL.put("fourty", 40);
    ORDINALS.put("hundredth", 100);
    ORDINALS.put("thousandth", 1000);
  }

  private final List<String> words = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private int at;

  private NumberWords(String text) {
    Matcher word = WORD.matcher(text);
    while (words.size() < MOST_WORDS && word.find()) {
      words.add(word.group(1).toLowerCase(Locale.ROOT));
      ends.add(word.end());
    }
  }

  /// A number in words at the beginning of a text.
  ///
  /// @param end where the text goes on
  record Spoken(Rational value, boolean ordinal, int end) {}

  static Optional<Spoken> read(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (isHan(text.charAt(0))) {
      return han(text);
    }
    var reader = new NumberWords(text);
    return reader.spoken();
  }

  private Optional<Spoken> spoken() {
    boolean negative = at("minus") || at("negative");
    if (negative) {
      at++;
    }
    Optional<Spoken> ordinal = ordinal();
    if (ordinal.isPresent()) {
      return ordinal;
    }
    Rational value = fractionOfOne();
    if (value == null) {
      value = cardinal();
    }
    if (value == null) {
      return Optional.empty();
    }
    Rational signed = negative ? value.negate() : value;
    return Optional.of(new Spoken(signed, false, ends.get(at - 1)));
  }

  /// `second`, `twenty-first`, `2nd`. One third and two thirds are fractions.
  private Optional<Spoken> ordinal() {
    String word = word(at);
    if (word.matches("\\d{1,9}(?:st|nd|rd|th)")) {
      Rational value = Rational.of(Long.parseLong(word.substring(0, word.length() - 2)));
      return Optional.of(new Spoken(value, true, ends.get(at++)));
    }
    if (ORDINALS.containsKey(word)) {
      return Optional.of(new Spoken(Rational.of(ORDINALS.get(word)), true, ends.get(at++)));
    }
    Integer tens = SMALL.get(word);
    Integer ones = ORDINALS.get(word(at + 1));
    if (tens != null && tens >= 20 && ones != null && ones > 0 && ones < 10) {
      at += 2;
      return Optional.of(new Spoken(Rational.of(tens + ones), true, ends.get(at - 1)));
    }
    return Optional.empty();
  }

  /// `half`, `a half`, `a third`, `a dozen`, `half a dozen`.
  private @Nullable Rational fractionOfOne() {
    int start = at;
    if (at("half")
        && (word(at + 1).equals("a") || word(at + 1).equals("of"))
        && word(at + 2).equals("dozen")) {
      at += 3;
      return Rational.of(6);
    }
    if (at("a") || at("an")) {
      at++;
      if (at("dozen")) {
        at++;
        return Rational.of(12);
      }
      if (at("hundred") || SCALES.containsKey(word(at))) {
        at = start;
        return null;
      }
      Integer part = part(word(at));
      if (part != null && !at("second") && !at("first")) {
        at++;
        return Rational.of(1, part);
      }
      at = start;
      return null;
    }
    if (at("half") || at("quarter")) {
      return Rational.of(1, PARTS.get(word(at++)));
    }
    if (at("dozen")) {
      at++;
      return Rational.of(12);
    }
    return null;
  }

  private static @Nullable Integer part(String word) {
    if (PARTS.containsKey(word)) {
      return PARTS.get(word);
    }
    String one = word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    Integer ordinal = ORDINALS.get(one);
    return ordinal == null || ordinal < 3 ? null : ordinal;
  }

  private @Nullable Rational cardinal() {
    long total = 0;
    long group = 0;
    boolean any = false;
    boolean small = false;
    while (at < words.size()) {
      String word = word(at);
      Integer value = SMALL.get(word);
      boolean joins =
          value != null
              && (!small || group % 100 >= 20 && group % 10 == 0 && value < 10 && value > 0);
      if (joins) {
        group += value;
        small = true;
      } else if (word.equals("hundred") && group > 0 && group < 100
          || word.equals("hundred") && !any && afterA()) {
        group = Math.max(group, 1) * 100;
        small = false;
      } else if (SCALES.containsKey(word)
          && (group > 0 || afterA() && !any)
          && total % SCALES.get(word) == 0
          && (total == 0 || total / SCALES.get(word) >= 1_000)) {
        total += Math.max(group, 1) * SCALES.get(word);
        group = 0;
        small = false;
      } else if (word.equals("and") && any && joinsAnd()) {
        at++;
        continue;
      } else if ((word.equals("a") || word.equals("an")) && !any && isScale(word(at + 1))) {
        at++;
        continue;
      } else {
        break;
      }
      any = true;
      at++;
    }
    return any ? withRest(Rational.of(total + group)) : null;
  }

  private boolean isScale(String word) {
    return word.equals("hundred") || SCALES.containsKey(word);
  }

  private boolean afterA() {
    return at > 0 && word(at - 1).equals("a");
  }

  /// "one hundred and five", but not "five and six".
  private boolean joinsAnd() {
    boolean large = isScale(word(at - 1));
    return large && SMALL.containsKey(word(at + 1));
  }

  /// Fractions, decimals and dozens behind a number: "two thirds", "three and a half", "one point
  /// five".
  private Rational withRest(Rational whole) {
    Integer part = part(word(at));
    boolean many = word(at).endsWith("s") || word(at).equals("halves");
    boolean one = whole.equals(Rational.ONE);
    if (part != null && (one || many)) {
      at++;
      return whole.dividedBy(Rational.of(part));
    }
    if (at("dozen")) {
      at++;
      return whole.times(Rational.of(12));
    }
    if (at("point")) {
      return decimals(whole);
    }
    if (at("and")) {
      int start = at;
      at++;
      Rational rest = fractionOfOne();
      if (rest == null) {
        rest = counted();
      }
      if (rest != null && rest.compareTo(Rational.ONE) < 0) {
        return whole.plus(rest);
      }
      at = start;
    }
    return whole;
  }

  /// "three quarters" in "two and three quarters".
  private @Nullable Rational counted() {
    Integer top = SMALL.get(word(at));
    Integer bottom = part(word(at + 1));
    if (top == null || bottom == null) {
      return null;
    }
    at += 2;
    return Rational.of(top, bottom);
  }

  private Rational decimals(Rational whole) {
    var digits = new StringBuilder();
    int place = at + 1;
    while (SMALL.getOrDefault(word(place), 10) < 10) {
      digits.append(SMALL.get(word(place++)));
    }
    if (digits.isEmpty()) {
      return whole;
    }
    at = place;
    return whole.plus(Rational.of("0." + digits));
  }

  private boolean at(String wanted) {
    return word(at).equals(wanted);
  }

  private String word(int place) {
    return place < words.size() ? words.get(place) : "";
  }

  private static boolean isHan(char c) {
    return HAN_DIGITS.indexOf(c) >= 0
        || HAN_UNITS.containsKey(c)
        || c == '两'
        || c == '兩'
        || c == '〇';
  }

  private static Optional<Spoken> han(String text) {
    int end = 0;
    long total = 0;
    long section = 0;
    long digit = 0;
    boolean units = false;
    while (end < text.length() && end < 20 && isHan(text.charAt(end))) {
      char c = text.charAt(end++);
      Long unit = HAN_UNITS.get(c);
      if (unit == null) {
        int value = c == '两' || c == '兩' ? 2 : c == '〇' ? 0 : HAN_DIGITS.indexOf(c);
        digit = units ? value : digit * 10 + value;
      } else if (unit < 10_000) {
        units = true;
        section += (digit == 0 ? 1 : digit) * unit;
        digit = 0;
      } else {
        units = true;
        total = (total + section + digit) * unit;
        section = 0;
        digit = 0;
      }
    }
    return Optional.of(new Spoken(Rational.of(total + section + digit), false, end));
  }
}
