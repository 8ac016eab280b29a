package dev.ponder.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A number as a text states it.
///
/// @param number in one way of writing: `1000` for `1,000`, `3.5` for `3.50`, `-5` for `minus 5`
/// @param unit its unit in one way of writing, or null
/// @param bound what the text says about it
/// @param counted the noun that it counts, or null
/// @param nearby stems of the words that the number can belong to
/// @param shown how a person reads it
record Quantity(
    String number,
    @Nullable String unit,
    Bound bound,
    @Nullable String counted,
    List<String> nearby,
    String shown) {

  /// What a number is a bound of.
  enum Bound {
    NONE,
    AT_LEAST,
    AT_MOST,
    MORE,
    LESS,
    ABOUT,
    NOT
  }

  /// Whether another text's number says the same.
  boolean isStatedBy(Quantity other) {
    return number.equals(other.number)
        && bound == other.bound
        && (unit == null ? counted == null || counts(other) : unit.equals(other.unit));
  }

  private boolean counts(Quantity other) {
    return other.nearby.contains(Wording.stem(counted));
  }
}
