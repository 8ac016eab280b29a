package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.Product.Term;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A sum of products with exact coefficients, none of which is zero: a polynomial.
record Sum(Map<Product, Rational> terms) {

  private static final int MAX_TERMS = 128;

  /// Steps of one multiplication. Times the operators that fit an expression it bounds the work.
  private static final int MAX_STEPS = 2_048;

  /// Coefficients of more than one term: many steps with long numbers would be slow.
  private static final int MAX_BITS_OF_MANY = 2_048;

  static final Sum ONE = of(Rational.ONE, Product.ONE);

  Sum {
    terms.values().removeIf(Rational::isZero);
    if (terms.size() > MAX_TERMS) {
      throw new ArithmeticException("A sum has more than " + MAX_TERMS + " terms.");
    }
    if (terms.size() > 1) {
      for (Rational coefficient : terms.values()) {
        if (coefficient.top().bitLength() + coefficient.bottom().bitLength() > MAX_BITS_OF_MANY) {
          throw new ArithmeticException("A coefficient is too long.");
        }
      }
    }
  }

  static Sum of(Rational coefficient, Product product) {
    var terms = new HashMap<Product, Rational>();
    terms.put(product, coefficient);
    return new Sum(terms);
  }

  boolean isZero() {
    return terms.isEmpty();
  }

  boolean isOneTerm() {
    return terms.size() == 1;
  }

  /// The only term.
  Term term() {
    Map.Entry<Product, Rational> only = terms.entrySet().iterator().next();
    return new Term(only.getValue(), only.getKey());
  }

  Sum plus(Sum other) {
    var all = new HashMap<>(terms);
    other.terms.forEach((product, factor) -> all.merge(product, factor, Rational::plus));
    return new Sum(all);
  }

  Sum negate() {
    return times(of(Rational.of(-1), Product.ONE));
  }

  Sum times(Sum other) {
    if (terms.size() * other.terms.size() > MAX_STEPS) {
      throw new ArithmeticException("A product has more than " + MAX_STEPS + " steps.");
    }
    var all = new HashMap<Product, Rational>();
    terms.forEach(
        (product, factor) ->
            other.terms.forEach(
                (otherProduct, otherFactor) -> {
                  Term term = product.times(otherProduct);
                  Rational coefficient = factor.times(otherFactor).times(term.coefficient());
                  all.merge(term.product(), coefficient, Rational::plus);
                }));
    return new Sum(all);
  }

  double toDouble() {
    double value = 0;
    for (Map.Entry<Product, Rational> entry : terms.entrySet()) {
      value += entry.getValue().toDouble() * entry.getKey().toDouble();
    }
    return value;
  }

  @Override
  public String toString() {
    return terms.entrySet().stream()
        .map(entry -> entry.getValue() + "·" + entry.getKey())
        .sorted()
        .collect(Collectors.joining("+"));
  }
}
