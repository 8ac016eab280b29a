package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.Value.Congruence;
import dev.ponder.stage.comparison.Value.Formula;
import dev.ponder.stage.comparison.Value.Hedge;
import dev.ponder.stage.comparison.Value.Interval;
import dev.ponder.stage.comparison.Value.Items;
import dev.ponder.stage.comparison.Value.Mapping;
import dev.ponder.stage.comparison.Value.Named;
import dev.ponder.stage.comparison.Value.Quantity;
import dev.ponder.stage.comparison.Value.Relation;
import dev.ponder.stage.comparison.Value.Shape;
import dev.ponder.stage.comparison.Value.Sign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads equations, inequalities, intervals and congruences.
final class Relations {

  private static final String SIGNS = "=≠<>≤≥";

  private static final Pattern NAME =
      Pattern.compile(
          "^(?:let |the )?(\\p{L}[\\p{L}\\d_'-]*+(?: [\\p{L}][\\p{L}\\d_'-]*+){0,3}|[fghPQTFVS]\\([a-z]\\))$");
  private static final Pattern SYMBOL = Pattern.compile("\\p{L}\\d{0,3}'?");
  private static final Pattern INTERVAL =
      Pattern.compile("^([\\[(\\]])(.+)([\\])\\[])$", Pattern.DOTALL);
  private static final Pattern CONGRUENCE =
      Pattern.compile(
          "^(?:(\\p{L}\\d{0,2}) ?[≡=] ?)?(-?\\d{1,40}) ?(?:\\(? ?mod(?:ulo)? (\\d{1,40})\\)?)$");

  private Relations() {}

  static List<Value> read(String text, int depth) {
    try {
      return relation(text, depth);
    } catch (ArithmeticException notReadable) {
      return List.of();
    }
  }

  private static List<Value> relation(String text, int depth) {
    Matcher congruence = CONGRUENCE.matcher(text);
    if (congruence.matches() && !congruence.group(3).matches("0++")) {
      return List.of(congruence(congruence));
    }
    int element = text.indexOf('∈');
    if (element > 0) {
      String name = text.substring(0, element).strip();
      return isSymbol(name) ? in(name, text.substring(element + 1).strip(), depth) : List.of();
    }
    int about = text.indexOf('≈');
    if (about > 0) {
      return rounded(text.substring(0, about).strip(), text.substring(about).strip(), depth);
    }
    var sides = new ArrayList<String>();
    var signs = new StringBuilder();
    int start = 0;
    for (int at = Parts.outside(text, SIGNS, 0); at >= 0 && signs.length() < 6; ) {
      sides.add(text.substring(start, at).strip());
      signs.append(text.charAt(at));
      start = at + 1;
      at = Parts.outside(text, SIGNS, start);
    }
    sides.add(text.substring(start).strip());
    if (signs.isEmpty() || sides.stream().anyMatch(String::isEmpty)) {
      return List.of();
    }
    if (signs.chars().allMatch(sign -> sign == '=')) {
      return equation(sides, depth);
    }
    if (signs.length() == 1) {
      return single(sides.get(0), signs.charAt(0), sides.get(1));
    }
    return signs.length() == 2 ? chain(sides, signs.toString()) : List.of();
  }

  /// `x ≈ 3.14`; of `22/7 ≈ 3.14` both sides are the answer.
  private static List<Value> rounded(String left, String right, int depth) {
    Value value = ValueReader.first(right, depth + 1);
    if (!(value instanceof Quantity)) {
      return List.of();
    }
    Value exact = ValueReader.first(left, depth + 1);
    return switch (exact) {
      case Quantity quantity -> List.of(quantity, value);
      case Named named -> List.of(named, new Named(named.name(), value));
      default -> NAME.matcher(left).matches() ? List.of(new Named(left, value)) : List.of();
    };
  }

  private static Value congruence(Matcher found) {
    Rational modulus = Rational.of(new java.math.BigInteger(found.group(3)));
    Rational value = Rational.of(new java.math.BigInteger(found.group(2)));
    Rational rest = value.minus(Rational.of(value.dividedBy(modulus).floor()).times(modulus));
    return new Congruence(Optional.ofNullable(found.group(1)), rest, modulus);
  }

  private static List<Value> in(String name, String set, int depth) {
    List<Value> interval = interval(set);
    if (!interval.isEmpty()) {
      Interval found = (Interval) interval.getFirst();
      return List.of(
          new Interval(
              Optional.of(name), found.low(), found.lowIn(), found.high(), found.highIn()));
    }
    return List.of(new Named(name, ValueReader.first(set, depth + 1)));
  }

  /// `x = 3`, `3 = x`, `12 * 3 = 36`, `2x + y = 5`.
  private static List<Value> equation(List<String> sides, int depth) {
    String left = sides.getFirst();
    String right = sides.getLast();
    if (sides.size() == 2 && left.startsWith("(") && right.startsWith("(")) {
      Optional<Value> point = point(left, right, depth);
      if (point.isPresent()) {
        return List.of(point.get());
      }
    }
    Matcher name = NAME.matcher(left);
    boolean named = name.matches() && !isNumber(left);
    if (sides.size() == 2 && !named && isSymbol(right) && !isNumber(right)) {
      return equation(List.of(right, left), depth);
    }
    List<String> values = named ? sides.subList(1, sides.size()) : sides;
    for (int i = 1; i < values.size(); i++) {
      if (!isSameNumber(values.get(i - 1), values.get(i))) {
        return sides.size() == 2 ? general(left, right) : List.of();
      }
    }
    Value value = ValueReader.first(right, depth + 1);
    if (!named) {
      return value instanceof Quantity ? List.of(value) : List.of();
    }
    var readings = new ArrayList<Value>();
    readings.add(new Named(name.group(1), value));
    if (value instanceof Formula && isSymbol(left)) {
      readings.addAll(general(left, right));
    }
    return readings;
  }

  private static boolean isNumber(String text) {
    return !QuantityReader.read(text).isEmpty();
  }

  private static boolean isSameNumber(String one, String other) {
    List<Value> left = QuantityReader.read(one);
    List<Value> right = QuantityReader.read(other);
    return !left.isEmpty()
        && !right.isEmpty()
        && Comparison.compare(left.getFirst(), right.getFirst()) == Sameness.SAME;
  }

  /// `(x, y) = (2, 3)`.
  private static Optional<Value> point(String names, String values, int depth) {
    if (Parts.closing(names) != names.length() - 1
        || Parts.closing(values) != values.length() - 1) {
      return Optional.empty();
    }
    List<String> keys = Parts.inBrackets(names.substring(1, names.length() - 1));
    List<String> texts = Parts.inBrackets(values.substring(1, values.length() - 1));
    if (keys.size() != texts.size()
        || keys.size() < 2
        || !keys.stream().allMatch(Relations::isSymbol)) {
      return Optional.empty();
    }
    var named = new ArrayList<Value>();
    for (int i = 0; i < keys.size(); i++) {
      named.add(new Named(keys.get(i), ValueReader.first(texts.get(i), depth + 1)));
    }
    return mapping(named);
  }

  private static List<Value> general(String left, String right) {
    Optional<Expression> one = ExpressionReader.whole(left);
    Optional<Expression> other = ExpressionReader.whole(right);
    if (one.isEmpty() || other.isEmpty()) {
      return List.of();
    }
    Expression difference = one.get().minus(other.get());
    return difference.isConstant() ? List.of() : List.of(new Relation(Sign.EQUAL, difference));
  }

  private static List<Value> single(String left, char sign, String right) {
    Optional<Expression> one = ExpressionReader.whole(left);
    Optional<Expression> other = ExpressionReader.whole(right);
    if (one.isEmpty() || other.isEmpty()) {
      return List.of();
    }
    boolean less = sign == '<' || sign == '≤';
    Expression difference = less ? other.get().minus(one.get()) : one.get().minus(other.get());
    if (difference.isConstant()) {
      return List.of();
    }
    Sign kind =
        switch (sign) {
          case '≠' -> Sign.NOT_EQUAL;
          case '<', '>' -> Sign.MORE;
          default -> Sign.AT_LEAST;
        };
    return List.of(
        solved(difference, kind).<Value>map(i -> i).orElse(new Relation(kind, difference)));
  }

  /// The interval of the only variable of an inequality that is linear in it.
  private static Optional<Interval> solved(Expression difference, Sign sign) {
    Set<String> variables = difference.variables();
    if (sign == Sign.NOT_EQUAL
        || variables.size() != 1
        || difference.isOpaque()
        || !difference.bottom().equals(Sum.ONE)) {
      return Optional.empty();
    }
    String variable = variables.iterator().next();
    Product only = Product.of(variable, Rational.ONE);
    Rational slope = difference.top().terms().get(only);
    if (slope == null || variable.equals("∞")) {
      return Optional.empty();
    }
    Expression rest = difference.minus(Expression.of(variable).times(Expression.of(slope)));
    if (!rest.isConstant()) {
      return Optional.empty();
    }
    Expression bound = rest.negate().dividedBy(Expression.of(slope));
    boolean in = sign == Sign.AT_LEAST;
    return Optional.of(
        slope.signum() > 0
            ? new Interval(Optional.of(variable), bound, in, Expression.INFINITE, false)
            : new Interval(Optional.of(variable), Expression.INFINITE.negate(), false, bound, in));
  }

  /// `0 < x ≤ 5`.
  private static List<Value> chain(List<String> sides, String signs) {
    boolean up = "<≤".indexOf(signs.charAt(0)) >= 0 && "<≤".indexOf(signs.charAt(1)) >= 0;
    boolean down = ">≥".indexOf(signs.charAt(0)) >= 0 && ">≥".indexOf(signs.charAt(1)) >= 0;
    if (!up && !down || !isSymbol(sides.get(1))) {
      return List.of();
    }
    Optional<Expression> low = ExpressionReader.whole(sides.get(up ? 0 : 2));
    Optional<Expression> high = ExpressionReader.whole(sides.get(up ? 2 : 0));
    if (low.isEmpty() || high.isEmpty()) {
      return List.of();
    }
    boolean lowIn = "≤≥".indexOf(signs.charAt(up ? 0 : 1)) >= 0;
    boolean highIn = "≤≥".indexOf(signs.charAt(up ? 1 : 0)) >= 0;
    return List.of(new Interval(Optional.of(sides.get(1)), low.get(), lowIn, high.get(), highIn));
  }

  /// `[0, 1)`; of the two bounds the first is smaller.
  static List<Value> interval(String text) {
    Matcher found = INTERVAL.matcher(text);
    if (!found.matches()) {
      return List.of();
    }
    List<String> bounds = Parts.inBrackets(found.group(2));
    if (bounds.size() != 2) {
      return List.of();
    }
    try {
      Optional<Expression> low = ExpressionReader.whole(bounds.get(0));
      Optional<Expression> high = ExpressionReader.whole(bounds.get(1));
      if (low.isEmpty() || high.isEmpty() || !isOrdered(low.get(), high.get())) {
        return List.of();
      }
      boolean lowIn = found.group(1).equals("[") && !low.get().isInfinite();
      boolean highIn = found.group(3).equals("]") && !high.get().isInfinite();
      return List.of(new Interval(Optional.empty(), low.get(), lowIn, high.get(), highIn));
    } catch (ArithmeticException notReadable) {
      return List.of();
    }
  }

  private static boolean isOrdered(Expression low, Expression high) {
    boolean lowNumber = low.isConstant() || low.isInfinite();
    boolean highNumber = high.isConstant() || high.isInfinite();
    if (!lowNumber || !highNumber) {
      return false;
    }
    return low.isInfinite() || high.isInfinite() || low.toDouble() < high.toDouble();
  }

  static Interval interval(Hedge hedge, Expression bound) {
    Expression endless = Expression.INFINITE;
    return switch (hedge) {
      case AT_LEAST -> new Interval(Optional.empty(), bound, true, endless, false);
      case MORE_THAN -> new Interval(Optional.empty(), bound, false, endless, false);
      case AT_MOST -> new Interval(Optional.empty(), endless.negate(), false, bound, true);
      case LESS_THAN -> new Interval(Optional.empty(), endless.negate(), false, bound, false);
      case ONE_OF, ABOUT, BETWEEN -> throw new IllegalArgumentException(hedge + " is no bound");
    };
  }

  /// `x = 2 or x = 3` and `x < 0 or x > 1`: the values of one variable.
  static Optional<Value> alternatives(List<Value> values) {
    if (values.stream().allMatch(value -> value instanceof Interval)) {
      return Optional.of(new Items(Shape.SET, values));
    }
    if (!(values.getFirst() instanceof Named first) || !isSymbol(first.name())) {
      return Optional.empty();
    }
    var found = new ArrayList<Value>();
    for (Value value : values) {
      switch (value) {
        case Named named when named.name().equals(first.name()) -> found.add(named.value());
        case Quantity quantity -> found.add(quantity);
        case Formula formula -> found.add(formula);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Named(first.name(), new Items(Shape.SET, found)));
  }

  /// Named values: a value for each name, or all values of one variable.
  static Optional<Value> mapping(List<Value> values) {
    if (values.size() < 2 || !(values.getFirst() instanceof Named first)) {
      return Optional.empty();
    }
    Map<String, Value> byName = new LinkedHashMap<>();
    var same = new ArrayList<Value>();
    for (Value value : values) {
      switch (value) {
        case Named named -> {
          byName.put(named.name(), named.value());
          if (named.name().equals(first.name())) {
            same.add(named.value());
          }
        }
        case Quantity quantity when byName.size() == 1 -> same.add(quantity);
        default -> {
          return Optional.empty();
        }
      }
    }
    if (same.size() == values.size()) {
      return Optional.of(new Named(first.name(), new Items(Shape.SET, same)));
    }
    return byName.size() == values.size() ? Optional.of(new Mapping(byName)) : Optional.empty();
  }

  static boolean isSymbol(String text) {
    return SYMBOL.matcher(text).matches();
  }

  /// Whether one is the other times a number; above zero if `positive`.
  static boolean isMultiple(Expression one, Expression other, boolean positive) {
    if (one.denotes(other)) {
      return true;
    }
    if (!one.bottom().equals(Sum.ONE) || !other.bottom().equals(Sum.ONE) || one.top().isZero()) {
      return false;
    }
    Map.Entry<Product, Rational> any = one.top().terms().entrySet().iterator().next();
    Rational partner = other.top().terms().get(any.getKey());
    if (partner == null) {
      return false;
    }
    Rational factor = partner.dividedBy(any.getValue());
    return (!positive || factor.signum() > 0) && one.times(Expression.of(factor)).denotes(other);
  }
}
