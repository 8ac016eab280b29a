package dev.ponder.compression.check;

import dev.ponder.memory.Wording;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A number as a text states it.
///
/// @param number in one way of writing: `1000` for `1,000`, `3.5` for `3.50`, `-5` for `minus 5`
/// @param unit its unit in one way of writing, or null
/// @param bound what the text says about it
/// @param counted the noun that it counts, or null
/// @param nearby stems of the words that the number can belong to
/// @param shown how a person reads it
///
/// Quantities of one hash, which a text can be made of, are found by their order.
record Quantity(
    String number,
    @Nullable String unit,
    Bound bound,
    @Nullable String counted,
    List<String> nearby,
    String shown)
    implements Comparable<Quantity> {

  private static final Comparator<Quantity> ORDER =
      Comparator.comparing(Quantity::number)
          .thenComparing(Quantity::shown)
          .thenComparing(Quantity::bound)
          .thenComparing(quantity -> String.valueOf(quantity.unit))
          .thenComparing(quantity -> String.valueOf(quantity.counted))
          .thenComparing(quantity -> String.join(" ", quantity.nearby));

  @Override
  public int compareTo(Quantity other) {
    return ORDER.compare(this, other);
  }

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

  /// What of a text's numbers decides whether it states another text's number.
  static final class Stated {
    private record Key(String number, Bound bound) implements Comparable<Key> {

      @Override
      public int compareTo(Key other) {
        int byNumber = number.compareTo(other.number);
        return byNumber != 0 ? byNumber : bound.compareTo(other.bound);
      }
    }

    private record Uses(Set<String> units, Set<String> nearby) {}

    private final Map<Key, Uses> uses = new HashMap<>();
    private final Set<String> numbers = new HashSet<>();

    Stated(List<Quantity> quantities) {
      for (Quantity each : quantities) {
        var use =
            uses.computeIfAbsent(
                new Key(each.number, each.bound),
                key -> new Uses(new HashSet<>(), new HashSet<>()));
        if (each.unit != null) {
          use.units().add(each.unit);
        }
        use.nearby().addAll(each.nearby);
        numbers.add(each.number);
      }
    }

    /// Whether the text states the number as it is, with its unit or what it counts.
    public boolean has(Quantity quantity) {
      Uses use = uses.get(new Key(quantity.number, quantity.bound));
      if (use == null) {
        return false;
      }
      if (quantity.unit != null) {
        return use.units().contains(quantity.unit);
      }
      return quantity.counted == null || use.nearby().contains(Wording.stem(quantity.counted));
    }

    /// Whether the text has the number at all.
    boolean hasNumber(Quantity quantity) {
      return numbers.contains(quantity.number);
    }
  }
}
