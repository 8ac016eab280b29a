package dev.ponder.stage.comparison;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/// An exact fraction in lowest terms; the bottom is positive.
///
/// @throws ArithmeticException if the bottom is zero or a part has more than [#MAX_BITS] bits
record Rational(BigInteger top, BigInteger bottom) implements Comparable<Rational> {

  /// About 4,900 digits: the longest number that an answer can have, with room for one step.
  static final int MAX_BITS = 16_384;

  static final Rational ZERO = of(0);
  static final Rational ONE = of(1);

  Rational {
    if (bottom.signum() == 0) {
      throw new ArithmeticException("A number is divided by zero.");
    }
    if (top.bitLength() > 2 * MAX_BITS || bottom.bitLength() > 2 * MAX_BITS) {
      throw tooLarge();
    }
    BigInteger common = top.gcd(bottom);
    if (bottom.signum() < 0) {
      common = common.negate();
    }
    if (!common.equals(BigInteger.ONE)) {
      top = top.divide(common);
      bottom = bottom.divide(common);
    }
    if (top.bitLength() > MAX_BITS || bottom.bitLength() > MAX_BITS) {
      throw tooLarge();
    }
  }

  static Rational of(long whole) {
    return of(BigInteger.valueOf(whole));
  }

  static Rational of(BigInteger whole) {
    return new Rational(whole, BigInteger.ONE);
  }

  static Rational of(long top, long bottom) {
    return new Rational(BigInteger.valueOf(top), BigInteger.valueOf(bottom));
  }

  /// A decimal number such as `0.3048`.
  static Rational of(String decimal) {
    BigDecimal value = new BigDecimal(decimal);
    return of(value.unscaledValue()).times(powerOfTen(-value.scale()));
  }

  static Rational powerOfTen(int exponent) {
    return of(10).power(exponent);
  }

  Rational plus(Rational other) {
    return new Rational(
        top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
  }

  Rational minus(Rational other) {
    return plus(other.negate());
  }

  Rational times(Rational other) {
    return new Rational(top.multiply(other.top), bottom.multiply(other.bottom));
  }

  Rational dividedBy(Rational other) {
    return new Rational(top.multiply(other.bottom), bottom.multiply(other.top));
  }

  Rational negate() {
    return new Rational(top.negate(), bottom);
  }

  Rational absolute() {
    return signum() < 0 ? negate() : this;
  }

  Rational power(int exponent) {
    if (exponent < 0) {
      return ONE.dividedBy(power(-exponent));
    }
    long bits = (long) Math.max(top.bitLength() - 1, bottom.bitLength() - 1) * exponent;
    if (bits > MAX_BITS) {
      throw tooLarge();
    }
    return new Rational(top.pow(exponent), bottom.pow(exponent));
  }

  int signum() {
    return top.signum();
  }

  boolean isZero() {
    return top.signum() == 0;
  }

  boolean isWhole() {
    return bottom.equals(BigInteger.ONE);
  }

  /// The value, if it is whole and fits an int; else an ArithmeticException.
  int intValue() {
    if (!isWhole()) {
      throw new ArithmeticException("A number is not whole.");
    }
    return top.intValueExact();
  }

  BigInteger floor() {
    BigInteger[] parts = top.divideAndRemainder(bottom);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  double toDouble() {
    return new BigDecimal(top).divide(new BigDecimal(bottom), MathContext.DECIMAL64).doubleValue();
  }

  @Override
  public int compareTo(Rational other) {
    return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
  }

  @Override
  public String toString() {
    return isWhole() ? top.toString() : top + "/" + bottom;
  }

  private static ArithmeticException tooLarge() {
    return new ArithmeticException("A number has more than " + MAX_BITS + " bits.");
  }
}
