package dev.ponder.stage.comparison;

import static dev.ponder.stage.comparison.Sameness.DIFFERENT;
import static dev.ponder.stage.comparison.Sameness.SAME;
import static dev.ponder.stage.comparison.Sameness.UNSETTLED;

import dev.ponder.stage.comparison.Value.Items;
import dev.ponder.stage.comparison.Value.Option;
import dev.ponder.stage.comparison.Value.Quantity;
import dev.ponder.stage.comparison.Value.Shape;
import dev.ponder.stage.comparison.Value.Truth;
import java.util.List;

/// Compares sets, lists and tuples. Only braces say that the order does not count.
final class Collections {

  /// Larger sets are compared in the order in which they are written: each with each is quadratic.
  private static final int LARGEST_SET = 60;

  private Collections() {}

  static Sameness compare(Items one, Value other) {
    if (!(other instanceof Items second)) {
      return single(one, other);
    }
    boolean set = one.shape() == Shape.SET || second.shape() == Shape.SET;
    if (!set) {
      Sameness inOrder = inOrder(one.items(), second.items());
      boolean lists = one.shape() == Shape.LIST && second.shape() == Shape.LIST;
      // Two lists without brackets in another order: a ranking, or a set nobody put in braces.
      return inOrder == DIFFERENT && lists && sets(one.items(), second.items()) == SAME
          ? UNSETTLED
          : inOrder;
    }
    Sameness sets = sets(one.items(), second.items());
    boolean alike = one.shape() == second.shape() || one.items().size() == second.items().size();
    boolean tuple = one.shape() == Shape.TUPLE || second.shape() == Shape.TUPLE;
    return sets == SAME && (!alike || tuple) ? UNSETTLED : sets;
  }

  private static Sameness single(Items one, Value other) {
    if (one.items().size() == 1) {
      return Comparison.compare(one.items().getFirst(), other);
    }
    boolean number = other instanceof Quantity;
    return isSure(other)
            && (number || !one.items().isEmpty())
            && one.items().stream().allMatch(Collections::isSure)
        ? DIFFERENT
        : UNSETTLED;
  }

  /// Whether no other words could stand for the value.
  private static boolean isSure(Value value) {
    return value instanceof Quantity || value instanceof Option || value instanceof Truth;
  }

  static Sameness inOrder(List<Value> one, List<Value> other) {
    if (one.size() == other.size()) {
      return Comparison.all(one, other, Comparison::compare);
    }
    return allSure(one, other) ? DIFFERENT : UNSETTLED;
  }

  private static boolean allSure(List<Value> one, List<Value> other) {
    return one.stream().allMatch(Collections::isSure)
        && other.stream().allMatch(Collections::isSure);
  }

  static Sameness sets(List<Value> one, List<Value> other) {
    if (one.size() > LARGEST_SET || other.size() > LARGEST_SET) {
      return one.size() == other.size() && inOrder(one, other) == SAME ? SAME : UNSETTLED;
    }
    Sameness within = within(one, other);
    Sameness back = within(other, one);
    if (within == SAME && back == SAME) {
      return SAME;
    }
    return within == DIFFERENT || back == DIFFERENT ? DIFFERENT : UNSETTLED;
  }

  /// SAME if each of one is in the other; DIFFERENT if one of them is surely not.
  private static Sameness within(List<Value> one, List<Value> other) {
    Sameness all = SAME;
    for (Value value : one) {
      Sameness found = DIFFERENT;
      for (Value candidate : other) {
        Sameness pair = Comparison.compare(value, candidate);
        if (pair == SAME) {
          found = SAME;
          break;
        }
        found = pair == UNSETTLED ? UNSETTLED : found;
      }
      if (found == DIFFERENT) {
        return DIFFERENT;
      }
      all = found == SAME ? all : UNSETTLED;
    }
    return all;
  }
}
