package dev.ponder.stage.comparison;

import static dev.ponder.stage.comparison.Sameness.DIFFERENT;
import static dev.ponder.stage.comparison.Sameness.SAME;
import static dev.ponder.stage.comparison.Sameness.UNSETTLED;

import dev.ponder.stage.comparison.Value.Congruence;
import dev.ponder.stage.comparison.Value.Formula;
import dev.ponder.stage.comparison.Value.Hedge;
import dev.ponder.stage.comparison.Value.Hedged;
import dev.ponder.stage.comparison.Value.Interval;
import dev.ponder.stage.comparison.Value.Items;
import dev.ponder.stage.comparison.Value.Mapping;
import dev.ponder.stage.comparison.Value.Moment;
import dev.ponder.stage.comparison.Value.Named;
import dev.ponder.stage.comparison.Value.Option;
import dev.ponder.stage.comparison.Value.Quantity;
import dev.ponder.stage.comparison.Value.Ratio;
import dev.ponder.stage.comparison.Value.Relation;
import dev.ponder.stage.comparison.Value.Shape;
import dev.ponder.stage.comparison.Value.Sign;
import dev.ponder.stage.comparison.Value.Truth;
import dev.ponder.stage.comparison.Value.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// Compares two values, kind by kind.
final class Comparison {

  private Comparison() {}

  /// What several meanings of each side come to: one meaning that both share is enough; else the
  /// likeliest meanings of one kind decide, or the likeliest of all.
  static Sameness compare(List<Value> one, List<Value> other) {
    Sameness ofOneKind = null;
    for (Value left : one) {
      for (Value right : other) {
        Sameness pair = compare(left, right);
        if (pair == SAME) {
          return SAME;
        }
        if (ofOneKind == null && left.getClass() == right.getClass()) {
          ofOneKind = pair;
        }
      }
    }
    return ofOneKind != null ? ofOneKind : compare(one.getFirst(), other.getFirst());
  }

  static Sameness compare(Value one, Value other) {
    try {
      return rank(one) <= rank(other) ? ordered(one, other) : ordered(other, one);
    } catch (ArithmeticException tooLarge) {
      return UNSETTLED;
    }
  }

  /// The order in which two kinds stand in [#ordered]: what holds others comes first.
  private static int rank(Value value) {
    return switch (value) {
      case Hedged hedged -> 0;
      case Named named -> 1;
      case Mapping mapping -> 2;
      case Items items -> 3;
      case Option option -> 4;
      case Interval interval -> 5;
      case Congruence congruence -> 6;
      case Relation relation -> 7;
      case Quantity quantity -> 8;
      case Formula formula -> 9;
      case Ratio ratio -> 10;
      case Moment moment -> 11;
      case Truth truth -> 12;
      case Words words -> 13;
    };
  }

  private static Sameness ordered(Value one, Value other) {
    return switch (one) {
      case Hedged hedged -> hedged(hedged, other);
      case Named named -> named(named, other);
      case Mapping mapping -> mapping(mapping, other);
      case Items items -> Collections.compare(items, other);
      case Option option -> option(option, other);
      case Interval interval ->
          other instanceof Interval second ? intervals(interval, second) : UNSETTLED;
      case Congruence congruence -> congruence(congruence, other);
      case Relation relation ->
          other instanceof Relation second ? relations(relation, second) : UNSETTLED;
      case Quantity quantity -> quantity(quantity, other);
      case Formula formula ->
          other instanceof Formula second
              ? Numbers.formulas(formula.expression(), second.expression())
              : UNSETTLED;
      case Ratio ratio -> other instanceof Ratio second ? ratios(ratio, second) : UNSETTLED;
      case Moment moment -> other instanceof Moment second ? moments(moment, second) : UNSETTLED;
      case Truth truth -> other instanceof Truth second ? when(truth.equals(second)) : UNSETTLED;
      case Words words ->
          other instanceof Words second ? Prose.compare(words.text(), second.text()) : UNSETTLED;
    };
  }

  private static Sameness when(boolean same) {
    return same ? SAME : DIFFERENT;
  }

  private static Sameness hedged(Hedged one, Value other) {
    if (!(other instanceof Hedged second)) {
      boolean certain =
          other instanceof Quantity || other instanceof Option || other instanceof Truth;
      boolean several = one.hedge() == Hedge.ONE_OF || one.hedge() == Hedge.BETWEEN;
      return certain && several ? DIFFERENT : UNSETTLED;
    }
    if (one.hedge() != second.hedge()) {
      return UNSETTLED;
    }
    return one.hedge() == Hedge.ONE_OF
        ? Collections.sets(one.values(), second.values())
        : Collections.inOrder(one.values(), second.values());
  }

  private static Sameness named(Named one, Value other) {
    if (!(other instanceof Named second)) {
      return compare(one.value(), other);
    }
    Sameness values = compare(one.value(), second.value());
    if (one.name().equalsIgnoreCase(second.name())) {
      return one.name().equals(second.name()) || one.name().length() > 1 ? values : atMost(values);
    }
    boolean symbols = Relations.isSymbol(one.name()) && Relations.isSymbol(second.name());
    return symbols ? DIFFERENT : atMost(values);
  }

  /// The same value of something that may be another is not the same.
  private static Sameness atMost(Sameness values) {
    return values == SAME ? UNSETTLED : values;
  }

  private static Sameness mapping(Mapping one, Value other) {
    return switch (other) {
      case Mapping second -> mappings(one, second);
      case Items items when items.shape() != Shape.SET -> {
        List<String> names = List.copyOf(one.values().keySet());
        boolean alphabetical = names.equals(names.stream().sorted().toList());
        Sameness values = Collections.inOrder(List.copyOf(one.values().values()), items.items());
        yield alphabetical ? values : atMost(values);
      }
      default -> UNSETTLED;
    };
  }

  private static Sameness mappings(Mapping one, Mapping other) {
    Map<String, Value> left = byLowerName(one);
    Map<String, Value> right = byLowerName(other);
    if (!left.keySet().equals(right.keySet())) {
      return UNSETTLED;
    }
    return all(List.copyOf(left.values()), List.copyOf(right.values()), Comparison::compare);
  }

  private static Map<String, Value> byLowerName(Mapping mapping) {
    var byName = new TreeMap<String, Value>();
    mapping.values().forEach((name, value) -> byName.put(name.toLowerCase(Locale.ROOT), value));
    return byName.size() == mapping.values().size() ? byName : new TreeMap<>(mapping.values());
  }

  /// SAME if all pairs are, DIFFERENT if one is.
  static Sameness all(
      List<Value> one, List<Value> other, BiFunction<Value, Value, Sameness> comparison) {
    Sameness all = SAME;
    for (int i = 0; i < one.size(); i++) {
      Sameness pair = comparison.apply(one.get(i), other.get(i));
      if (pair == DIFFERENT) {
        return DIFFERENT;
      }
      all = pair == SAME ? all : UNSETTLED;
    }
    return all;
  }

  private static Sameness option(Option one, Value other) {
    if (!(other instanceof Option second)) {
      return one.text().map(text -> compare(textOfOption(text), List.of(other))).orElse(UNSETTLED);
    }
    Optional<Sameness> texts =
        one.text()
            .flatMap(
                left ->
                    second.text().map(right -> compare(textOfOption(left), textOfOption(right))));
    if (one.letter() == second.letter()) {
      return texts.orElse(SAME) == DIFFERENT ? UNSETTLED : SAME;
    }
    return texts.orElse(DIFFERENT) == SAME ? UNSETTLED : DIFFERENT;
  }

  /// An option in the text of an option is words: reading it again and again would double each
  /// time.
  private static List<Value> textOfOption(String text) {
    List<Value> values = ValueReader.read(text);
    return values.getFirst() instanceof Option ? List.of(new Words(text)) : values;
  }

  private static Sameness intervals(Interval one, Interval other) {
    if (one.variable().isPresent()
        && other.variable().isPresent()
        && !one.variable().equals(other.variable())) {
      return DIFFERENT;
    }
    Sameness low = Numbers.formulas(one.low(), other.low());
    Sameness high = Numbers.formulas(one.high(), other.high());
    boolean ends = one.lowIn() == other.lowIn() && one.highIn() == other.highIn();
    if (low == SAME && high == SAME) {
      return when(ends);
    }
    // n > 4 and n ≥ 5 say the same of whole numbers.
    boolean whole = isStep(one.low(), other.low()) && isStep(one.high(), other.high());
    return low == UNSETTLED || high == UNSETTLED || !ends && whole ? UNSETTLED : DIFFERENT;
  }

  private static boolean isStep(Expression one, Expression other) {
    return one.equals(other)
        || one.minus(other)
            .rational()
            .filter(step -> step.absolute().equals(Rational.ONE))
            .isPresent();
  }

  private static Sameness congruence(Congruence one, Value other) {
    if (other instanceof Congruence second) {
      boolean names =
          one.variable().isPresent()
              && second.variable().isPresent()
              && !one.variable().equals(second.variable());
      return when(
          !names && one.rest().equals(second.rest()) && one.modulus().equals(second.modulus()));
    }
    boolean rest =
        other instanceof Quantity number
            && number.unit().isBare()
            && number.amount().rational().equals(Optional.of(one.rest()));
    return rest ? SAME : UNSETTLED;
  }

  private static Sameness relations(Relation one, Relation other) {
    boolean positive = one.sign() == Sign.AT_LEAST || one.sign() == Sign.MORE;
    boolean multiple = Relations.isMultiple(one.difference(), other.difference(), positive);
    if (multiple && one.sign() == other.sign()) {
      return SAME;
    }
    boolean comparable =
        !one.difference().isOpaque()
            && !other.difference().isOpaque()
            && one.difference().variables().equals(other.difference().variables())
            && one.difference().bottom().equals(Sum.ONE)
            && other.difference().bottom().equals(Sum.ONE);
    return comparable ? DIFFERENT : UNSETTLED;
  }

  private static Sameness quantity(Quantity one, Value other) {
    return switch (other) {
      case Quantity second -> Numbers.quantities(one, second);
      case Formula formula when one.unit().isBare() ->
          Numbers.formulas(one.amount(), formula.expression());
      default -> UNSETTLED;
    };
  }

  private static Sameness ratios(Ratio one, Ratio other) {
    if (one.parts().size() != other.parts().size()) {
      return DIFFERENT;
    }
    Rational factor = other.parts().getFirst().dividedBy(one.parts().getFirst());
    for (int i = 1; i < one.parts().size(); i++) {
      if (!one.parts().get(i).times(factor).equals(other.parts().get(i))) {
        return DIFFERENT;
      }
    }
    return SAME;
  }

  private static Sameness moments(Moment one, Moment other) {
    boolean bothDays = one.day().isPresent() && other.day().isPresent();
    boolean bothTimes = one.time().isPresent() && other.time().isPresent();
    if (bothDays != (one.day().isPresent() || other.day().isPresent())
        || bothTimes != (one.time().isPresent() || other.time().isPresent())) {
      return UNSETTLED;
    }
    Sameness days = bothDays ? days(one, other) : SAME;
    Sameness times = bothTimes ? times(one, other) : SAME;
    if (days == DIFFERENT || times == DIFFERENT) {
      return DIFFERENT;
    }
    return days == SAME && times == SAME ? SAME : UNSETTLED;
  }

  /// A year that only one side names is left out by the other.
  private static Sameness days(Moment one, Moment other) {
    boolean years =
        one.year().isEmpty() || other.year().isEmpty() || one.year().equals(other.year());
    if (one.ambiguous() || other.ambiguous()) {
      boolean alike = one.ambiguous() && other.ambiguous() && one.day().equals(other.day());
      return years ? alike ? SAME : UNSETTLED : DIFFERENT;
    }
    return when(years && one.day().equals(other.day()));
  }

  /// `3:00` could be 15:00, where nobody says which half of the day it is.
  private static Sameness times(Moment one, Moment other) {
    if (one.time().equals(other.time())) {
      return SAME;
    }
    boolean twelveApart = one.time().get().plusHours(12).equals(other.time().get());
    return twelveApart && (one.halfUnknown() || other.halfUnknown()) ? UNSETTLED : DIFFERENT;
  }
}
