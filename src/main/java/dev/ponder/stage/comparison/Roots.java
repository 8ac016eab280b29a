package dev.ponder.stage.comparison;

import java.math.BigInteger;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Roots of whole numbers, as products of primes with broken powers: √8 is 2 · 2^(1/2).
final class Roots {

  /// Primes above are found only where they are what is left: 10,000 divisions cost a millisecond.
  private static final int LARGEST_DIVISOR = 10_000;

  private static final int MAX_BITS = 256;

  private Roots() {}

  /// The root, if it is whole.
  static Optional<BigInteger> whole(BigInteger radicand, int degree) {
    if (radicand.signum() < 0 || degree < 1) {
      return Optional.empty();
    }
    BigInteger low = BigInteger.ZERO;
    BigInteger high = BigInteger.ONE.shiftLeft(radicand.bitLength() / degree + 1);
    if (degree == 2) {
      low = radicand.sqrt();
      high = low;
    }
    while (low.compareTo(high) < 0) {
      BigInteger middle = low.add(high).add(BigInteger.ONE).shiftRight(1);
      if (middle.pow(degree).compareTo(radicand) <= 0) {
        low = middle;
      } else {
        high = middle.subtract(BigInteger.ONE);
      }
    }
    return low.pow(degree).equals(radicand) ? Optional.of(low) : Optional.empty();
  }

  /// The primes of a number with their powers; empty if the number is too large to be taken apart.
  static Optional<SortedMap<BigInteger, Integer>> primes(BigInteger number) {
    if (number.bitLength() > MAX_BITS) {
      return Optional.empty();
    }
    SortedMap<BigInteger, Integer> found = new TreeMap<>();
    BigInteger rest = number;
    for (int divisor = 2; divisor <= LARGEST_DIVISOR; divisor += divisor == 2 ? 1 : 2) {
      BigInteger prime = BigInteger.valueOf(divisor);
      if (prime.multiply(prime).compareTo(rest) > 0) {
        break;
      }
      while (rest.mod(prime).signum() == 0) {
        found.merge(prime, 1, Integer::sum);
        rest = rest.divide(prime);
      }
    }
    if (rest.equals(BigInteger.ONE)) {
      return Optional.of(found);
    }
    if (!rest.isProbablePrime(40)) {
      return Optional.empty();
    }
    found.merge(rest, 1, Integer::sum);
    return Optional.of(found);
  }
}
