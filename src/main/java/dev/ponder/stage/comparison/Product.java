package dev.ponder.stage.comparison;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A product of powers without its coefficient, such as `x^2·π·2^(1/2)`.
///
/// A factor is a variable (`x`), a constant (`π`, `e`), a prime below its first whole power (`2`),
/// or what nobody takes apart here, with its brackets: `sin(x)`.
record Product(SortedMap<String, Rational> powers) {

  static final Product ONE = new Product(Collections.emptySortedMap());

  static Product of(String factor, Rational power) {
    var powers = new TreeMap<String, Rational>();
    powers.put(factor, power);
    return new Product(powers);
  }

  /// A term of a sum.
  record Term(Rational coefficient, Product product) {}

  /// Both multiplied. Whole powers of primes go to the coefficient.
  Term times(Product other) {
    if (powers.isEmpty() || other.powers.isEmpty()) {
      return new Term(Rational.ONE, powers.isEmpty() ? other : this);
    }
    var all = new TreeMap<String, Rational>(powers);
    other.powers.forEach((factor, power) -> all.merge(factor, power, Rational::plus));
    return settled(all);
  }

  Term power(Rational exponent) {
    var all = new TreeMap<String, Rational>();
    powers.forEach((factor, power) -> all.put(factor, power.times(exponent)));
    return settled(all);
  }

  private static Term settled(TreeMap<String, Rational> all) {
    Rational coefficient = Rational.ONE;
    for (Map.Entry<String, Rational> entry : all.entrySet()) {
      if (isPrime(entry.getKey())) {
        Rational whole = Rational.of(entry.getValue().floor());
        coefficient = coefficient.times(Rational.of(entry.getKey()).power(whole.intValue()));
        entry.setValue(entry.getValue().minus(whole));
      }
    }
    all.values().removeIf(Rational::isZero);
    return new Term(coefficient, new Product(all));
  }

  static boolean isPrime(String factor) {
    return Character.isDigit(factor.charAt(0)) && !isOpaque(factor);
  }

  static boolean isConstant(String factor) {
    return factor.equals("π") || factor.equals("e") || isPrime(factor);
  }

  /// The imaginary unit is one of them, because nobody here reduces its powers.
  static boolean isOpaque(String factor) {
    return factor.indexOf('(') >= 0 || factor.equals("i");
  }

  /// NaN where a factor has no value.
  double toDouble() {
    double value = 1;
    for (Map.Entry<String, Rational> entry : powers.entrySet()) {
      String factor = entry.getKey();
      double base =
          switch (factor) {
            case "π" -> Math.PI;
            case "e" -> Math.E;
            default -> isPrime(factor) ? Double.parseDouble(factor) : Double.NaN;
          };
      value *= Math.pow(base, entry.getValue().toDouble());
    }
    return value;
  }

  @Override
  public String toString() {
    return powers.entrySet().stream()
        .map(entry -> entry.getKey() + "^" + entry.getValue())
        .collect(Collectors.joining("·"));
  }
}
