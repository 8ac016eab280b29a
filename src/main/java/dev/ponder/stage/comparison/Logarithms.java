package dev.ponder.stage.comparison;

import java.math.BigInteger;
import java.util.Optional;

/// Logarithms that are whole numbers.
final class Logarithms {

  private Logarithms() {}

  /// The base that a function is named with: 2 of `log2`; 0 if it names none.
  static int base(String function) {
    return function.matches("log\\d{1,3}") ? Integer.parseInt(function.substring(3)) : 0;
  }

  static Optional<Expression> exact(Expression argument, int base) {
    Optional<Rational> number = argument.rational();
    if (number.isEmpty() || number.get().signum() <= 0) {
      return Optional.empty();
    }
    if (number.get().equals(Rational.ONE)) {
      return Optional.of(Expression.ZERO);
    }
    if (base < 2) {
      return Optional.empty();
    }
    boolean below = number.get().top().equals(BigInteger.ONE);
    BigInteger rest = below ? number.get().bottom() : number.get().top();
    if (!below && !number.get().isWhole()) {
      return Optional.empty();
    }
    BigInteger divisor = BigInteger.valueOf(base);
    int power = 0;
    while (rest.mod(divisor).signum() == 0 && power < 2_000) {
      rest = rest.divide(divisor);
      power++;
    }
    return rest.equals(BigInteger.ONE)
        ? Optional.of(Expression.of(below ? -power : power))
        : Optional.empty();
  }
}
