package dev.ponder.compression.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// A number that divisions leave exact: `over / under`.
record Fraction(BigDecimal over, BigDecimal under) {

  Fraction {
    if (under.signum() == 0) {
      throw new IllegalArgumentException("A fraction cannot be under zero: %s / 0".formatted(over));
    }
  }

  static Fraction of(BigDecimal number) {
    return new Fraction(number, BigDecimal.ONE);
  }

  Fraction plus(Fraction other) {
    return new Fraction(
        over.multiply(other.under).add(other.over.multiply(under)), under.multiply(other.under));
  }

  Fraction minus(Fraction other) {
    return plus(other.negated());
  }

  Fraction times(Fraction other) {
    return new Fraction(over.multiply(other.over), under.multiply(other.under));
  }

  /// Nothing where the other is zero.
  Optional<Fraction> dividedBy(Fraction other) {
    return other.over.signum() == 0
        ? Optional.empty()
        : Optional.of(new Fraction(over.multiply(other.under), under.multiply(other.over)));
  }

  Fraction negated() {
    return new Fraction(over.negate(), under);
  }

  /// Binary digits of the longer part, without its decimal point.
  int bits() {
    return Math.max(over.unscaledValue().bitLength(), under.unscaledValue().bitLength());
  }

  boolean isSameAs(Fraction other) {
    return over.multiply(other.under).compareTo(other.over.multiply(under)) == 0;
  }

  /// Whether it is this number once it is rounded to so many decimals.
  boolean roundsTo(BigDecimal number, int decimals, RoundingMode mode) {
    return over.divide(under, decimals, mode).compareTo(number) == 0;
  }
}
