package dev.ponder.compression.check;

import dev.ponder.compression.check.CalculationToken.Kind;
import dev.ponder.compression.check.Expression.Percent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A calculation that a text states, such as `60 - 47 = 13`. Of a chain (`11 * 3 = 30 + 3 = 33`)
/// each equals sign is one.
///
/// A result may be rounded to the digits that are written, and a quotient also cut off there;
/// after `≈` the zeros at the end of a whole number are no digits. What cannot be read for certain
/// is no calculation: dates, times, ranges, versions, powers, variables, names with numbers. Nor is
/// what converts units: `2 m + 30 cm = 230 cm`, `1 h 30 min`, `3 dozen = 3 * 12`.
///
/// @param left what is calculated, in one way of writing and without words and units
/// @param right its result, in the same way
/// @param holds whether it is right
/// @param shown as the text has it
public record Calculation(String left, String right, boolean holds, String shown) {

  private static final BigDecimal HUNDRED = new BigDecimal(100);

  /// Tokens of one side that are looked at.
  private static final int LONGEST_SIDE = 64;

  /// `- `, `2. ` or `b) ` at the beginning of a line.
  private static final Pattern BULLET =
      Pattern.compile("(?m)^[ >#]*+(?:[-*+•·] |\\d{1,3}[.)] |\\p{L}\\) )++");

  /// `**` around what is stressed; between two digits it is a power.
  private static final Pattern STRESS = Pattern.compile("(?<!\\d)\\*\\*|\\*\\*(?!\\d)");

  /// Currencies, and what LaTeX has around a formula or a result.
  private static final Pattern SYMBOLS =
      Pattern.compile(
          "\\\\?[$€£¥₹](?:/\\p{L}+)?|\\\\(?=%)|\\\\[()\\[\\]]|\\\\(?:boxed|text|mathrm|mathbf)\\{|[{}]");

  /// The calculations of a text in [Wording#plain] form.
  public static List<Calculation> in(String text) {
    String bare = blank(blank(blank(text, BULLET), STRESS), SYMBOLS);
    List<Calculation> found = new ArrayList<>();
    List<List<CalculationToken>> sides = new ArrayList<>(List.of(new ArrayList<>()));
    List<CalculationToken> signs = new ArrayList<>();
    for (CalculationToken token : CalculationToken.in(bare)) {
      if (token.is(Kind.STOP)) {
        found.addAll(between(text, sides, signs));
        sides = new ArrayList<>(List.of(new ArrayList<>()));
        signs.clear();
      } else if (token.is(Kind.EQUALS) || token.is(Kind.ABOUT) || token.is(Kind.RELATION)) {
        signs.add(token);
        sides.add(new ArrayList<>());
      } else {
        sides.getLast().add(token);
      }
    }
    found.addAll(between(text, sides, signs));
    return found;
  }

  /// Blanks instead of what matches, so that all else stays where it is.
  private static String blank(String text, Pattern pattern) {
    return pattern.matcher(text).replaceAll(match -> " ".repeat(match.group().length()));
  }

  private static List<Calculation> between(
      String text, List<List<CalculationToken>> sides, List<CalculationToken> signs) {
    List<Calculation> found = new ArrayList<>();
    for (int i = 0; i < signs.size(); i++) {
      if (!signs.get(i).is(Kind.RELATION)) {
        boolean about = signs.get(i).is(Kind.ABOUT);
        of(text, sides.get(i), sides.get(i + 1), about).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Calculation> of(
      String text, List<CalculationToken> before, List<CalculationToken> after, boolean about) {
    int from = begin(before);
    int to = end(after);
    if (from < 0 || to < 0) {
      return Optional.empty();
    }
    List<CalculationToken> left = before.subList(from, before.size());
    List<CalculationToken> right = after.subList(0, to);
    boolean calculates =
        operators(left) > 0
            || (operators(right) > 0 && left.stream().noneMatch(token -> token.is(Kind.WORD)));
    if (!calculates || sumsUnits(left, right)) {
      return Optional.empty();
    }
    return Optional.of(
        new Calculation(
            written(left),
            written(right),
            holds(left, right, about),
            text.substring(left.getFirst().start(), lastOf(right).end()).strip()));
  }

  /// Where the expression begins that ends a side, or -1. Words before it are none of its business,
  /// anything else is.
  private static int begin(List<CalculationToken> side) {
    for (int i = Math.max(0, side.size() - LONGEST_SIDE); i < side.size(); i++) {
      CalculationToken token = side.get(i);
      boolean begins =
          token.is(Kind.NUMBER) || token.is(Kind.OPEN) || (i == 0 && token.is(Kind.OPERATOR));
      if (begins && ends(side, i) == side.size()) {
        return i == 0 || isOutside(side, i - 1) ? i : -1;
      }
    }
    return -1;
  }

  private static boolean isOutside(List<CalculationToken> side, int index) {
    CalculationToken before = side.get(index);
    return before.is(Kind.OPEN) || (before.is(Kind.WORD) && !isUnitOfANumber(side, index));
  }

  /// The `h` of `1 h 30 min`.
  private static boolean isUnitOfANumber(List<CalculationToken> side, int index) {
    return index > 0 && side.get(index - 1).is(Kind.NUMBER) && unit(side.get(index)) != null;
  }

  private static @Nullable String unit(CalculationToken token) {
    return token.is(Kind.WORD) ? Units.known(token.text()) : null;
  }

  /// Whether it adds up numbers of different units.
  private static boolean sumsUnits(List<CalculationToken> left, List<CalculationToken> right) {
    return isSum(left)
        && isSum(right)
        && Stream.concat(left.stream(), right.stream())
                .flatMap(token -> Stream.ofNullable(unit(token)))
                .distinct()
                .count()
            > 1;
  }

  private static boolean isSum(List<CalculationToken> side) {
    return Expression.at(side, 0, Percent.UNIT).stream().allMatch(Expression::terms);
  }

  /// Where the expression ends that begins a side, or -1. Words may follow it, and what follows
  /// words; `13 - that is right` ends before its dash.
  private static int end(List<CalculationToken> side) {
    int end = ends(side, 0);
    if (end <= 0 || end == side.size()) {
      return end;
    }
    CalculationToken last = side.get(end - 1);
    CalculationToken next = side.get(end);
    boolean wordNext = end + 1 < side.size() && side.get(end + 1).is(Kind.WORD);
    boolean over =
        next.is(Kind.WORD)
            || next.is(Kind.CLOSE)
            || (next.is(Kind.OPEN) && next.start() > last.end() && !unreadableAt(side, end + 1))
            || (last.is(Kind.WORD) && !isUnitOfANumber(side, end - 1))
            || (next.is(Kind.OPERATOR) && next.text().equals("-") && wordNext);
    return over ? end : -1;
  }

  private static boolean unreadableAt(List<CalculationToken> side, int index) {
    return index < side.size() && side.get(index).is(Kind.UNREADABLE);
  }

  private static int ends(List<CalculationToken> side, int from) {
    return Expression.at(side, from, Percent.SHARE).map(Expression::end).orElse(-1);
  }

  private static int operators(List<CalculationToken> side) {
    return Expression.at(side, 0, Percent.SHARE).map(Expression::operators).orElse(0);
  }

  private static String written(List<CalculationToken> side) {
    return side.stream()
        .filter(token -> !token.is(Kind.WORD))
        .map(CalculationToken::text)
        .collect(Collectors.joining());
  }

  /// The words after a result are not part of what is shown.
  private static CalculationToken lastOf(List<CalculationToken> right) {
    return right.reversed().stream()
        .filter(token -> !token.is(Kind.WORD))
        .findFirst()
        .orElseThrow();
  }

  private static boolean holds(
      List<CalculationToken> left, List<CalculationToken> right, boolean about) {
    return holds(left, Percent.SHARE, right, Percent.SHARE, about)
        || holds(left, Percent.OF_THE_REST, right, Percent.SHARE, about)
        || (percentIsAUnit(left, right) && holds(left, Percent.UNIT, right, Percent.UNIT, about));
  }

  /// In `40 % + 35 = 75 %`, and in `3 / 4 * 100 = 75 %`.
  private static boolean percentIsAUnit(List<CalculationToken> left, List<CalculationToken> right) {
    boolean timesHundred =
        left.stream().noneMatch(token -> token.is(Kind.PERCENT))
            && left.stream()
                .anyMatch(token -> token.is(Kind.NUMBER) && token.number().compareTo(HUNDRED) == 0);
    return (isSum(left) && isSum(right)) || timesHundred;
  }

  private static boolean holds(
      List<CalculationToken> left,
      Percent percentLeft,
      List<CalculationToken> right,
      Percent percentRight,
      boolean about) {
    Optional<Expression> one = Expression.at(left, 0, percentLeft);
    Optional<Expression> other = Expression.at(right, 0, percentRight);
    return one.isPresent() && other.isPresent() && same(one.get(), other.get(), about);
  }

  /// In `7 * 6 = 42 + 8 = 50` what is calculated is followed by what is calculated next, so it is
  /// enough that 42 is right.
  private static boolean same(Expression left, Expression right, boolean about) {
    return left.value().isSameAs(right.value())
        || (left.calculates() && right.first() != null && isWritten(left, right.first(), about))
        || (!left.calculates() && left.first() != null && isWritten(right, left.first(), about));
  }

  private static boolean isWritten(Expression exact, BigDecimal number, boolean about) {
    int decimals = number.scale();
    int fewest = about ? number.stripTrailingZeros().scale() : decimals;
    return exact.value().roundsTo(number, decimals, RoundingMode.HALF_UP)
        || exact.value().roundsTo(number, Math.min(decimals, fewest), RoundingMode.HALF_UP)
        || (exact.divided() && exact.value().roundsTo(number, decimals, RoundingMode.DOWN));
  }
}
