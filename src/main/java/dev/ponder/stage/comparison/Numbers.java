package dev.ponder.stage.comparison;

import static dev.ponder.stage.comparison.Sameness.DIFFERENT;
import static dev.ponder.stage.comparison.Sameness.SAME;
import static dev.ponder.stage.comparison.Sameness.UNSETTLED;

import dev.ponder.stage.comparison.Value.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Compares numbers and what they count.
final class Numbers {

  /// A double is exact enough to tell whether so many digits fit π or a root; nothing else is
  /// decided by one.
  private static final Pattern ORDER = Pattern.compile("1·[OΘΩ]\\(1·[^+]*\\)\\^1");
  private static final int MOST_DIGITS_OF_DOUBLE = 12;

  private static final Set<String> CALENDAR = Set.of("time", "month");

  private Numbers() {}

  static Sameness quantities(Quantity one, Quantity other) {
    if (one.ordinal() != other.ordinal()) {
      Quantity cardinal = one.ordinal() ? other : one;
      return cardinal.unit().isBare() ? amounts(one, other) : UNSETTLED;
    }
    Unit left = one.unit();
    Unit right = other.unit();
    if (left.isBare() != right.isBare()) {
      return left.isBare() ? missing(other, one) : missing(one, other);
    }
    if (!left.measured() && !right.measured()) {
      return things(left, right, amounts(one, other));
    }
    if (left.dimensions().equals(right.dimensions()) && left.measured() && right.measured()) {
      return things(left, right, measured(one, other));
    }
    if (!left.things().isEmpty() || !right.things().isEmpty()) {
      return UNSETTLED;
    }
    return perhaps(left, right) ? UNSETTLED : DIFFERENT;
  }

  /// A unit on one side only: the same number is the same answer. A number that would fit in
  /// another unit of the kind (5 km, 5000) is left open, and so is a percent without its sign.
  private static Sameness missing(Quantity with, Quantity bare) {
    Sameness plain = amounts(with, bare);
    if (!with.unit().measured()) {
      return plain;
    }
    if (with.unit().dimensions().isEmpty()) {
      Quantity basic = basic(with);
      Sameness value = amounts(basic, bare);
      if (value != DIFFERENT || plain == DIFFERENT) {
        return value;
      }
      return with.unit().isShare() ? UNSETTLED : plain;
    }
    return plain == DIFFERENT && isPowerOfTenOrSixty(basic(with).amount(), bare.amount())
        ? UNSETTLED
        : plain;
  }

  /// Whether two numbers could be one length in two units: their quotient has no other primes than
  /// 2, 3 and 5.
  private static boolean isPowerOfTenOrSixty(Expression one, Expression other) {
    if (other.top().isZero() || one.top().isZero()) {
      return false;
    }
    Optional<Rational> quotient = one.dividedBy(other).rational();
    if (quotient.isEmpty() || quotient.get().signum() < 0) {
      return false;
    }
    return Roots.primes(quotient.get().top())
        .flatMap(
            above ->
                Roots.primes(quotient.get().bottom())
                    .map(
                        below ->
                            above.keySet().stream()
                                    .allMatch(p -> p.bitLength() <= 3 && p.intValue() <= 5)
                                && below.keySet().stream()
                                    .allMatch(p -> p.bitLength() <= 3 && p.intValue() <= 5)))
        .orElse(false);
  }

  private static Quantity basic(Quantity quantity) {
    return new Quantity(
        quantity.unit().inBasicUnits(quantity.amount()),
        quantity.precision(),
        quantity.unit(),
        quantity.ordinal());
  }

  private static Sameness measured(Quantity one, Quantity other) {
    Expression left = one.unit().inBasicUnits(one.amount());
    Expression right = other.unit().inBasicUnits(other.amount());
    Sameness exact =
        amounts(
            left,
            one.precision(),
            one.unit().factor(),
            right,
            other.precision(),
            other.unit().factor());
    return exact == DIFFERENT && isBinary(one.unit(), left, right) ? UNSETTLED : exact;
  }

  /// Whether a kilobyte of 1024 bytes would make both the same.
  private static boolean isBinary(Unit unit, Expression one, Expression other) {
    if (!unit.dimensions().containsKey("data") || other.top().isZero()) {
      return false;
    }
    Optional<Rational> quotient = one.dividedBy(other).rational();
    for (int power = 1; power <= 4 && quotient.isPresent(); power++) {
      Rational step = Rational.of(1_024, 1_000).power(power);
      if (quotient.get().equals(step) || quotient.get().times(step).equals(Rational.ONE)) {
        return true;
      }
    }
    return false;
  }

  /// Months and days, degrees of an angle and of the weather: not the same, but not surely others.
  private static boolean perhaps(Unit one, Unit other) {
    boolean calendar =
        CALENDAR.containsAll(one.dimensions().keySet())
            && CALENDAR.containsAll(other.dimensions().keySet())
            && !one.dimensions().isEmpty()
            && !other.dimensions().isEmpty();
    Map<String, Integer> temperature = Map.of("temperature", 1);
    boolean degrees =
        one.dimensions().isEmpty() && other.dimensions().equals(temperature)
            || other.dimensions().isEmpty() && one.dimensions().equals(temperature);
    return calendar || degrees;
  }

  /// The same number of other things is not the same: 13 coins, 13 apples.
  private static Sameness things(Unit one, Unit other, Sameness amounts) {
    Set<String> left = one.things();
    Set<String> right = other.things();
    boolean within = left.containsAll(right) || right.containsAll(left);
    boolean shared = within || left.stream().anyMatch(right::contains);
    return switch (amounts) {
      case SAME -> within ? SAME : UNSETTLED;
      case DIFFERENT -> shared ? DIFFERENT : UNSETTLED;
      case UNSETTLED -> UNSETTLED;
    };
  }

  private static Sameness amounts(Quantity one, Quantity other) {
    return amounts(
        one.amount(),
        one.precision(),
        Expression.ONE,
        other.amount(),
        other.precision(),
        Expression.ONE);
  }

  /// @param oneStep what 1 of the number that was written is worth
  private static Sameness amounts(
      Expression one,
      Precision onePrecision,
      Expression oneStep,
      Expression other,
      Precision otherPrecision,
      Expression otherStep) {
    if (one.isInfinite() || other.isInfinite()) {
      return one.denotes(other) ? SAME : DIFFERENT;
    }
    if (one.denotes(other)) {
      return SAME;
    }
    Sameness rounded = rounded(one, onePrecision, oneStep, other, otherPrecision);
    if (rounded == DIFFERENT) {
      rounded = rounded(other, otherPrecision, otherStep, one, onePrecision);
    }
    if (rounded != DIFFERENT) {
      return rounded;
    }
    return formulas(one, other);
  }

  /// Whether one number is the other with fewer digits: SAME if its writer says that it is rounded,
  /// UNSETTLED if not, DIFFERENT if it is no such number.
  private static Sameness rounded(
      Expression round,
      Precision precision,
      Expression step,
      Expression exact,
      Precision exactPrecision) {
    boolean coarser =
        !exactPrecision.saysSo()
            || precision.saysSo()
            || precision.decimals() <= exactPrecision.decimals();
    if (!precision.mayBeRounded()
        || !coarser
        || precision.decimals() > 5_000
        || precision.decimals() < -5_000) {
      return DIFFERENT;
    }
    Optional<Rational> unit = step.rational();
    Optional<Rational> value = round.rational();
    if (unit.isEmpty() || value.isEmpty()) {
      return DIFFERENT;
    }
    Rational last = unit.get().times(Rational.powerOfTen(-precision.decimals()));
    boolean cut = precision.kind() == Precision.Kind.CUT;
    Optional<Rational> other = exact.rational();
    boolean fits;
    if (other.isPresent()) {
      fits = fits(other.get().minus(value.get()), value.get().signum(), last, cut);
    } else if (precision.digits() <= MOST_DIGITS_OF_DOUBLE && exact.isConstant()) {
      double offset = (exact.toDouble() - value.get().toDouble()) / last.toDouble();
      offset = value.get().signum() < 0 ? -offset : offset;
      fits = cut ? offset >= 0 && offset < 1 : Math.abs(offset) <= 0.5;
    } else {
      return UNSETTLED;
    }
    if (!fits) {
      return DIFFERENT;
    }
    return precision.saysSo() ? SAME : UNSETTLED;
  }

  private static boolean fits(Rational offset, int sign, Rational last, boolean cut) {
    if (!cut) {
      return offset.absolute().times(Rational.of(2)).compareTo(last) <= 0;
    }
    Rational outwards = sign < 0 ? offset.negate() : offset;
    return outwards.signum() >= 0 && outwards.compareTo(last) < 0;
  }

  /// Orders of growth without factors, such as O(n log n): if they are not equal, they differ. The
  /// base of a logarithm does not count in them.
  private static boolean areOrders(Expression one, Expression other) {
    return isOrder(one)
        && isOrder(other)
        && one.toString().contains("log2(") == other.toString().contains("log2(");
  }

  private static boolean isOrder(Expression expression) {
    return ORDER.matcher(expression.toString()).matches();
  }

  static Sameness formulas(Expression one, Expression other) {
    if (one.denotes(other)) {
      return SAME;
    }
    if (one.isInfinite() || other.isInfinite()) {
      return DIFFERENT;
    }
    if (one.isConstant() && other.isConstant()) {
      return DIFFERENT;
    }
    if (areOrders(one, other)) {
      return DIFFERENT;
    }
    boolean sure =
        !one.isOpaque() && !other.isOpaque() && one.variables().equals(other.variables());
    return sure ? DIFFERENT : UNSETTLED;
  }
}
