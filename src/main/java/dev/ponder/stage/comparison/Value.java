package dev.ponder.stage.comparison;

import java.time.LocalTime;
import java.time.MonthDay;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an answer denotes.
sealed interface Value {

  /// A number, with or without what it counts.
  record Quantity(Expression amount, Precision precision, Unit unit, boolean ordinal)
      implements Value {}

  /// An answer to choose, with the text that stands behind its letter.
  record Option(char letter, Optional<String> text) implements Value {}

  record Truth(boolean yes) implements Value {}

  /// A day, a time of day, or both.
  ///
  /// @param ambiguous whether day and month could be exchanged: 12/03/2024
  /// @param halfUnknown whether the time could be before or after noon: 3:00
  record Moment(
      Optional<Integer> year,
      Optional<MonthDay> day,
      Optional<LocalTime> time,
      boolean ambiguous,
      boolean halfUnknown)
      implements Value {}

  /// Several values.
  record Items(Shape shape, List<Value> items) implements Value {}

  enum Shape {
    /// Between braces: the order does not count.
    SET,
    /// `2, 3, 5` or `[2, 3, 5]`.
    LIST,
    /// Between brackets: a point, a vector.
    TUPLE
  }

  /// Numbers between two bounds; a bound is `∞` or `-∞` if there is none.
  record Interval(
      Optional<String> variable, Expression low, boolean lowIn, Expression high, boolean highIn)
      implements Value {}

  /// `x = 3`, `width: 3 cm`.
  record Named(String name, Value value) implements Value {}

  /// `x = 3, y = 4`, in the order in which it is written.
  record Mapping(Map<String, Value> values) implements Value {}

  /// An equation or an inequality: `difference` `sign` 0.
  record Relation(Sign sign, Expression difference) implements Value {}

  enum Sign {
    EQUAL,
    NOT_EQUAL,
    AT_LEAST,
    MORE
  }

  record Congruence(Optional<String> variable, Rational rest, Rational modulus) implements Value {}

  /// A formula with variables.
  record Formula(Expression expression) implements Value {}

  /// `3:2`.
  record Ratio(List<Rational> parts) implements Value {}

  /// More than one value, or none that is certain: `13 or 14`, `about 13`, `3 to 5`.
  record Hedged(Hedge hedge, List<Value> values) implements Value {}

  enum Hedge {
    ONE_OF,
    ABOUT,
    BETWEEN,
    AT_LEAST,
    MORE_THAN,
    AT_MOST,
    LESS_THAN
  }

  /// Anything else.
  record Words(String text) implements Value {}
}
