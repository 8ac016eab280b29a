package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.ExpressionReader.Beginning;
import dev.ponder.stage.comparison.Value.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a number and what it counts: `13 coins`, `$3 million`, `2 h 35 min`, `≈ 0.667`, `25 %`.
final class QuantityReader {

  private static final int MOST_PARTS = 6;

  private static final Pattern ROUNDED =
      Pattern.compile("(?i)^(?:[≈~]|(?:is )?approx(?:imately|\\.)?(?=[ \\d-]))\\s*+");
  private static final Pattern ROUNDED_BEHIND =
      Pattern.compile("(?i)\\s*+\\(?(?:approximately|approx\\.?|rounded)\\)?$");
  private static final Pattern MONEY =
      Pattern.compile(
          "^(-?+)\\s?(US\\$|Rs\\.?(?=[ \\d])|[$€£¥₹₩₽]|[A-Z]{3}(?= ?\\d))\\s?(-?+)(?=[\\d.])");
  private static final Pattern SCALE =
      Pattern.compile("(?i)^\\s?(thousand|million|billion|trillion|dozen|mn|bn|mio|mrd)\\b\\.?");
  private static final Pattern SCALE_OF_MONEY = Pattern.compile("^(k|K|m|M|b|B)\\b");
  private static final Map<String, Long> SCALES =
      Map.ofEntries(
          Map.entry("thousand", 1_000L),
          Map.entry("k", 1_000L),
          Map.entry("dozen", 12L),
          Map.entry("million", 1_000_000L),
          Map.entry("mn", 1_000_000L),
          Map.entry("mio", 1_000_000L),
          Map.entry("m", 1_000_000L),
          Map.entry("billion", 1_000_000_000L),
          Map.entry("bn", 1_000_000_000L),
          Map.entry("mrd", 1_000_000_000L),
          Map.entry("b", 1_000_000_000L),
          Map.entry("trillion", 1_000_000_000_000L));
  private static final Pattern CLOCK =
      Pattern.compile(
          "^(\\d{1,4}):([0-5]\\d)(?::([0-5]\\d))?\\s?(h|hours?|hrs?|min|mins|minutes?)$");
  private static final Pattern NEXT_PART =
      Pattern.compile("(?<=[\\p{L}.°] ?)(?:,? and |, ?| )?(?=\\d)");
  private static final Pattern GLUED = Pattern.compile("[A-Za-z]{1,3}(?![A-Za-z])");
  private static final Pattern ONE_OF_UNIT = Pattern.compile("(?i)^(an?|half an?)\\s++(\\p{L}++)$");

  private QuantityReader() {}

  /// The meanings of a text that is a quantity as a whole; none if it is none.
  static List<Value> read(String text) {
    if (text.startsWith("(") && text.indexOf(',') > 0) {
      return List.of();
    }
    try {
      return clock(text).map(List::<Value>of).orElseGet(() -> List.copyOf(parts(text, 0)));
    } catch (ArithmeticException tooLarge) {
      return List.of();
    }
  }

  private static Optional<Quantity> clock(String text) {
    if (text.length() > 30) {
      return Optional.empty();
    }
    Matcher clock = CLOCK.matcher(text);
    if (!clock.matches()) {
      return Optional.empty();
    }
    boolean hours = clock.group(4).startsWith("h");
    Rational first = Rational.of(Long.parseLong(clock.group(1)));
    Rational value = first.plus(Rational.of(Long.parseLong(clock.group(2)), 60));
    if (clock.group(3) != null) {
      value = value.plus(Rational.of(Long.parseLong(clock.group(3)), 3_600));
    }
    Unit unit = Units.meanings(hours || clock.group(3) != null ? "h" : "min").getFirst();
    return Optional.of(new Quantity(Expression.of(value), Precision.EXACT, unit, false));
  }

  private static List<Quantity> parts(String text, int part) {
    String rest = text;
    boolean rounded = false;
    Matcher said = ROUNDED.matcher(rest);
    if (said.find()) {
      rounded = true;
      rest = rest.substring(said.end());
    }
    said = ROUNDED_BEHIND.matcher(rest);
    if (rest.length() < 200 && said.find() && said.start() > 0) {
      rounded = true;
      rest = rest.substring(0, said.start());
    }
    Optional<Unit> money = Optional.empty();
    Matcher currency = MONEY.matcher(rest);
    if (currency.find()) {
      List<Unit> meanings = Units.meanings(currency.group(2).replace(".", ""));
      if (!meanings.isEmpty()
          && meanings.getFirst().dimensions().keySet().toString().contains("money")) {
        money = Optional.of(meanings.getFirst());
        rest = currency.group(1) + currency.group(3) + rest.substring(currency.end());
      }
    }
    List<Quantity> one = oneOfUnit(rest);
    Optional<Read> number = number(rest);
    if (!one.isEmpty() || number.isEmpty()) {
      return one;
    }
    Expression amount = number.get().amount();
    Precision precision = number.get().precision();
    rest = rest.substring(number.get().end());
    Matcher scale = SCALE.matcher(rest);
    boolean scaled = scale.find();
    if (!scaled && money.isPresent()) {
      scale = SCALE_OF_MONEY.matcher(rest);
      scaled = scale.find();
    }
    if (scaled) {
      long factor = SCALES.get(scale.group(1).toLowerCase(java.util.Locale.ROOT));
      amount = amount.times(Expression.of(factor));
      precision = precision.shifted(Long.toString(factor).length() - 1);
      rest = rest.substring(scale.end());
    }
    boolean glued = GLUED.matcher(rest).lookingAt();
    var found = new ArrayList<Quantity>();
    for (Unit unit : UnitReader.read(rest)) {
      if (glued && !unit.measured()) {
        // "3ab" is a product, not three things.
        continue;
      }
      Unit whole = money.map(unit::times).orElse(unit);
      found.add(
          new Quantity(
              amount, rounded ? precision.rounded() : precision, whole, number.get().ordinal()));
    }
    return found.isEmpty() && part < MOST_PARTS && money.isEmpty()
        ? compound(amount, rest, part)
        : found;
  }

  private record Read(Expression amount, Precision precision, boolean ordinal, int end) {}

  private static Optional<Read> number(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    boolean word = Character.isLetter(text.charAt(0));
    boolean ordinal = text.length() < 200 && text.matches("\\d{1,9}(?:st|nd|rd|th)\\b.*+");
    if (word || ordinal) {
      Optional<Read> spoken =
          NumberWords.read(text)
              .map(
                  read ->
                      new Read(
                          Expression.of(read.value()),
                          Precision.EXACT,
                          read.ordinal(),
                          read.end()));
      if (spoken.isPresent()) {
        return spoken;
      }
    }
    Optional<Beginning> beginning = ExpressionReader.number(text);
    return beginning.map(read -> new Read(read.value(), read.precision(), false, read.end()));
  }

  /// `an hour`, `half an hour`.
  private static List<Quantity> oneOfUnit(String text) {
    Matcher one = ONE_OF_UNIT.matcher(text);
    if (text.length() > 40 || !one.find()) {
      return List.of();
    }
    List<Unit> meanings = one.group(2).length() < 3 ? List.of() : Units.meanings(one.group(2));
    Rational amount = one.group(1).length() > 2 ? Rational.of(1, 2) : Rational.ONE;
    return meanings.stream()
        .map(unit -> new Quantity(Expression.of(amount), Precision.EXACT, unit, false))
        .toList();
  }

  /// `2 h 35 min`: quantities of one dimension, each unit smaller than the one before.
  private static List<Quantity> compound(Expression amount, String rest, int part) {
    if (rest.length() > 100) {
      return List.of();
    }
    Matcher next = NEXT_PART.matcher(rest);
    if (!next.find() || next.start() == 0) {
      return List.of();
    }
    var found = new ArrayList<Quantity>();
    String behind = rest.substring(next.end());
    for (Unit unit : UnitReader.read(rest.substring(0, next.start()))) {
      if (!unit.measured() || !unit.things().isEmpty() || unit.factor().rational().isEmpty()) {
        continue;
      }
      for (Quantity smaller : parts(behind, part + 1)) {
        joined(new Quantity(amount, Precision.EXACT, unit, false), smaller).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Quantity> joined(Quantity large, Quantity small) {
    Unit unit = small.unit();
    boolean minutes = unit.isBare() || unit.equals(Units.meanings("m").getFirst());
    if (minutes && large.unit().equals(Units.meanings("h").getFirst())) {
      unit = Units.meanings("min").getFirst();
    }
    boolean fits =
        unit.dimensions().equals(large.unit().dimensions())
            && unit.factor().rational().isPresent()
            && unit.factor().rational().get().compareTo(large.unit().factor().rational().get()) < 0;
    if (!fits) {
      return Optional.empty();
    }
    Expression all =
        large.amount().plus(small.amount().times(unit.factor()).dividedBy(large.unit().factor()));
    return Optional.of(new Quantity(all, Precision.EXACT, large.unit().times(things(unit)), false));
  }

  private static Unit things(Unit unit) {
    return new Unit(Map.of(), Expression.ONE, Rational.ZERO, unit.things(), false);
  }
}
