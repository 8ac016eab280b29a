package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.Product.Term;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A number or a formula, exact: the quotient of two sums.
///
/// Different sums of roots, π and e are different numbers, so what is equal is found without
/// rounding. Each operation throws an [ArithmeticException] when its result would be too large.
record Expression(Sum top, Sum bottom) {

  private static final int MAX_POWER_OF_SUM = 12;
  private static final int MAX_POWER = 10_000;
  private static final int MAX_FACTORIAL = 1_500;
  private static final int MAX_DEGREE = 64;

  static final Expression ZERO = of(0);
  static final Expression ONE = of(1);

  /// A bound that is none, not a number to calculate with.
  static final Expression INFINITE = of("∞");

  Expression {
    if (bottom.isZero()) {
      throw new ArithmeticException("A number is divided by zero.");
    }
    if (bottom.isOneTerm() && !bottom.equals(Sum.ONE)) {
      Term term = bottom.term();
      Term inverse = term.product().power(Rational.of(-1));
      Rational factor = inverse.coefficient().dividedBy(term.coefficient());
      top = top.times(Sum.of(factor, inverse.product()));
      bottom = Sum.ONE;
    }
  }

  static Expression of(long whole) {
    return of(Rational.of(whole));
  }

  static Expression of(Rational number) {
    return new Expression(Sum.of(number, Product.ONE), Sum.ONE);
  }

  /// A variable, `π`, `e`, or what nobody takes apart, such as `sin(x)`.
  static Expression of(String factor) {
    return new Expression(Sum.of(Rational.ONE, Product.of(factor, Rational.ONE)), Sum.ONE);
  }

  Expression plus(Expression other) {
    if (bottom.equals(other.bottom)) {
      return new Expression(top.plus(other.top), bottom);
    }
    return new Expression(
        top.times(other.bottom).plus(other.top.times(bottom)), bottom.times(other.bottom));
  }

  Expression minus(Expression other) {
    return plus(other.negate());
  }

  Expression negate() {
    return new Expression(top.negate(), bottom);
  }

  Expression times(Expression other) {
    return new Expression(top.times(other.top), bottom.times(other.bottom));
  }

  Expression dividedBy(Expression other) {
    return new Expression(top.times(other.bottom), bottom.times(other.top));
  }

  Expression power(Expression exponent) {
    Optional<Rational> number = exponent.rational();
    Optional<Expression> taken =
        number.flatMap(power -> power.isWhole() ? wholePower(power.top()) : root(power));
    return taken.orElseGet(() -> of("pow(" + this + "," + exponent + ")"));
  }

  private Optional<Expression> wholePower(BigInteger exponent) {
    if (exponent.bitLength() > 31 || exponent.abs().intValue() > MAX_POWER) {
      return rational().filter(base -> base.equals(Rational.ONE)).map(base -> ONE);
    }
    int power = exponent.intValue();
    if (power < 0) {
      return wholePower(exponent.negate()).map(ONE::dividedBy);
    }
    if (power == 0) {
      return top.isZero() ? Optional.empty() : Optional.of(ONE);
    }
    if (top.isZero()) {
      return Optional.of(ZERO);
    }
    if (top.isOneTerm() && bottom.equals(Sum.ONE)) {
      try {
        Term term = top.term();
        Term raised = term.product().power(Rational.of(power));
        Rational factor = term.coefficient().power(power).times(raised.coefficient());
        return Optional.of(new Expression(Sum.of(factor, raised.product()), Sum.ONE));
      } catch (ArithmeticException tooLarge) {
        return Optional.empty();
      }
    }
    if (power > MAX_POWER_OF_SUM) {
      return Optional.empty();
    }
    Expression result = this;
    for (int i = 1; i < power; i++) {
      result = result.times(this);
    }
    return Optional.of(result);
  }

  /// A broken power of a positive number or of constants; of -8 its cube root, of -4 its root 2i.
  private Optional<Expression> root(Rational exponent) {
    if (top.isZero()) {
      return exponent.signum() > 0 ? Optional.of(ZERO) : Optional.empty();
    }
    if (exponent.bottom().bitLength() > 7
        || exponent.bottom().intValue() > MAX_DEGREE
        || !top.isOneTerm()
        || !bottom.equals(Sum.ONE)
        || !isConstant()) {
      return Optional.empty();
    }
    Term term = top.term();
    if (term.coefficient().signum() < 0) {
      Optional<Expression> positive = negate().root(exponent);
      if (exponent.bottom().testBit(0)) {
        boolean odd = exponent.top().testBit(0);
        return odd ? positive.map(Expression::negate) : positive;
      }
      boolean squareRoot = exponent.equals(Rational.of(1, 2));
      return squareRoot ? positive.map(of("i")::times) : Optional.empty();
    }
    Term rest = term.product().power(exponent);
    Expression start = new Expression(Sum.of(rest.coefficient(), rest.product()), Sum.ONE);
    return root(term.coefficient().top(), exponent)
        .flatMap(
            above ->
                root(term.coefficient().bottom(), exponent)
                    .map(below -> start.times(above).dividedBy(below)));
  }

  private static Optional<Expression> root(BigInteger radicand, Rational exponent) {
    Optional<BigInteger> whole = Roots.whole(radicand, exponent.bottom().intValue());
    if (whole.isPresent()) {
      return of(Rational.of(whole.get())).wholePower(exponent.top());
    }
    return Roots.primes(radicand)
        .map(
            primes -> {
              Expression result = ONE;
              for (var entry : primes.entrySet()) {
                Rational power = Rational.of(entry.getValue()).times(exponent);
                Term term = Product.of(entry.getKey().toString(), power).power(Rational.ONE);
                result =
                    result.times(
                        new Expression(Sum.of(term.coefficient(), term.product()), Sum.ONE));
              }
              return result;
            });
  }

  Expression factorial() {
    Optional<Rational> number = rational();
    if (number.isEmpty()
        || !number.get().isWhole()
        || number.get().signum() < 0
        || number.get().compareTo(Rational.of(MAX_FACTORIAL)) > 0) {
      return of("factorial(" + this + ")");
    }
    BigInteger result = BigInteger.ONE;
    for (int i = 2; i <= number.get().intValue(); i++) {
      result = result.multiply(BigInteger.valueOf(i));
    }
    return of(Rational.of(result));
  }

  /// How many ways there are to choose `other` of this many.
  Expression choose(Expression other) {
    Optional<Rational> all = rational();
    Optional<Rational> chosen = other.rational();
    if (all.isEmpty() || chosen.isEmpty()) {
      return of("binomial(" + this + "," + other + ")");
    }
    int n = all.get().intValue();
    int k = chosen.get().intValue();
    if (n < 0 || k < 0 || n > MAX_FACTORIAL || k > MAX_FACTORIAL) {
      return of("binomial(" + this + "," + other + ")");
    }
    BigInteger result = BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      result = result.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return of(Rational.of(k > n ? BigInteger.ZERO : result));
  }

  Optional<Rational> rational() {
    if (!bottom.equals(Sum.ONE)) {
      return Optional.empty();
    }
    if (top.isZero()) {
      return Optional.of(Rational.ZERO);
    }
    boolean plain = top.isOneTerm() && top.term().product().equals(Product.ONE);
    return plain ? Optional.of(top.term().coefficient()) : Optional.empty();
  }

  /// Whether both are equal wherever both have a value.
  boolean denotes(Expression other) {
    if (bottom.equals(other.bottom)) {
      return top.equals(other.top);
    }
    return top.times(other.bottom).equals(other.top.times(bottom));
  }

  boolean isInfinite() {
    return equals(INFINITE) || equals(INFINITE.negate());
  }

  boolean isConstant() {
    return factors(factor -> !Product.isConstant(factor)).isEmpty();
  }

  Set<String> variables() {
    return factors(factor -> !Product.isConstant(factor) && !Product.isOpaque(factor));
  }

  boolean isOpaque() {
    return !factors(Product::isOpaque).isEmpty();
  }

  private Set<String> factors(Predicate<String> wanted) {
    return Stream.of(top, bottom)
        .flatMap(sum -> sum.terms().keySet().stream())
        .flatMap(product -> product.powers().keySet().stream())
        .filter(wanted)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// NaN unless it is a constant.
  double toDouble() {
    return top.toDouble() / bottom.toDouble();
  }

  @Override
  public String toString() {
    return bottom.equals(Sum.ONE) ? top.toString() : "(" + top + ")/(" + bottom + ")";
  }
}
