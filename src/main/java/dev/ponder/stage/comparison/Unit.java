package dev.ponder.stage.comparison;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a number counts or measures.
///
/// @param dimensions powers of basic dimensions, such as `length` 1 and `time` -1 for a speed
/// @param factor what one of it is in the basic units
/// @param zero where its scale begins, in its own steps: 273.15 for °C
/// @param things words that are no unit: `gold coin`
/// @param measured whether a unit is named at all, be it without a dimension, as a percent is
record Unit(
    Map<String, Integer> dimensions,
    Expression factor,
    Rational zero,
    Set<String> things,
    boolean measured) {

  static final Unit NONE = new Unit(Map.of(), Expression.ONE, Rational.ZERO, Set.of(), false);

  static Unit of(String dimension, Rational factor) {
    return new Unit(Map.of(dimension, 1), Expression.of(factor), Rational.ZERO, Set.of(), true);
  }

  static Unit ratio(Expression factor) {
    return new Unit(Map.of(), factor, Rational.ZERO, Set.of(), true);
  }

  static Unit thing(String word) {
    return new Unit(Map.of(), Expression.ONE, Rational.ZERO, Set.of(word), false);
  }

  Unit times(Unit other) {
    var all = new TreeMap<>(dimensions);
    other.dimensions.forEach((dimension, power) -> all.merge(dimension, power, Integer::sum));
    all.values().removeIf(power -> power == 0);
    var both = new TreeSet<>(things);
    both.addAll(other.things);
    return new Unit(
        all,
        factor.times(other.factor),
        zero.isZero() ? other.zero : zero,
        both,
        measured || other.measured);
  }

  Unit power(int exponent) {
    if (exponent == 1) {
      return this;
    }
    var all = new TreeMap<String, Integer>();
    dimensions.forEach((dimension, power) -> all.put(dimension, power * exponent));
    all.values().removeIf(power -> power == 0);
    return new Unit(all, factor.power(Expression.of(exponent)), Rational.ZERO, things, measured);
  }

  Unit scaled(Rational by) {
    return new Unit(dimensions, factor.times(Expression.of(by)), zero, things, measured);
  }

  Unit startingAt(Rational start) {
    return new Unit(dimensions, factor, start, things, measured);
  }

  boolean isBare() {
    return !measured && things.isEmpty();
  }

  /// A share such as a percent: its number without the sign is another number.
  boolean isShare() {
    return measured
        && dimensions.isEmpty()
        && factor.rational().isPresent()
        && !factor.equals(Expression.ONE);
  }

  Expression inBasicUnits(Expression amount) {
    return amount.plus(Expression.of(zero)).times(factor);
  }
}
