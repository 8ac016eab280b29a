package dev.ponder.stage.comparison;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The units that answers have, with exact factors. Symbols count with their case (mW, MW), names
/// without. A name with several meanings has them all: a pound is a weight and money.
final class Units {

  private static final Map<String, List<Unit>> SYMBOLS = new HashMap<>();
  private static final Map<String, List<Unit>> NAMES = new HashMap<>();

  private static final String LARGE = "k 1e3 kilo,M 1e6 mega,G 1e9 giga,T 1e12 tera,P 1e15 peta";
  private static final String SMALL =
      "m 1e-3 milli,μ 1e-6 micro,u 1e-6 micro,n 1e-9 nano,p 1e-12 pico";
  private static final String BOTH = LARGE + "," + SMALL;
  private static final String METRIC = BOTH + ",c 1e-2 centi,d 1e-1 deci,h 1e2 hecto";

  static {
    lengths();
    masses();
    times();
    volumes();
    physics();
    data();
    shares();
    money();
  }

  private Units() {}

  /// The meanings of a symbol or a name; none if it is no unit.
  static List<Unit> meanings(String word) {
    List<Unit> exact = SYMBOLS.get(word);
    if (exact != null) {
      return exact;
    }
    String name = word.toLowerCase(Locale.ROOT);
    List<Unit> named = NAMES.get(name);
    if (named == null && name.endsWith("s")) {
      named = NAMES.get(name.substring(0, name.length() - 1));
    }
    if (named != null) {
      return named;
    }
    return word.length() > 1 ? SYMBOLS.getOrDefault(name, List.of()) : List.of();
  }

  private static void lengths() {
    Unit metre = Unit.of("length", Rational.ONE);
    prefixed(metre, "m", METRIC, "meter", "metre");
    unit(metre.scaled(Rational.of("0.0254")), "in", "inch", "inches");
    unit(metre.scaled(Rational.of("0.3048")), "ft", "foot", "feet");
    unit(metre.scaled(Rational.of("0.9144")), "yd", "yard");
    unit(metre.scaled(Rational.of("1609.344")), "mi", "mile");
    unit(metre.scaled(Rational.of("1852")), "nmi", "nauticalmile");
    unit(metre.scaled(Rational.of("149597870700")), "au", "astronomicalunit");
    unit(metre.scaled(Rational.of("9460730472580800")), "ly", "lightyear");
    symbol("AU", SYMBOLS.get("au").getFirst());
    name(SYMBOLS.get("km").getFirst(), "公里", "千米");
    name(metre, "米");
    name(SYMBOLS.get("cm").getFirst(), "厘米");
    unit(metre.power(2).scaled(Rational.of(10_000)), "ha", "hectare");
    unit(metre.power(2).scaled(Rational.of("4046.8564224")), "ac", "acre");
  }

  private static void masses() {
    Unit gram = Unit.of("mass", Rational.ONE);
    prefixed(gram, "g", "k 1e3 kilo," + SMALL, "gram", "gramme");
    Unit pound = gram.scaled(Rational.of("453.59237"));
    unit(gram.scaled(Rational.of(1_000)), "kgs", "kilo");
    unit(gram.scaled(Rational.of(1_000_000)), "t", "tonne", "ton", "metricton");
    unit(pound, "lb", "pound");
    unit(pound, "lbs");
    unit(pound.scaled(Rational.of(1, 16)), "oz", "ounce");
    unit(pound.scaled(Rational.of(14)), "st", "stone");
    name(SYMBOLS.get("kg").getFirst(), "公斤", "千克");
    name(gram, "克");
  }

  private static void times() {
    Unit second = Unit.of("time", Rational.ONE);
    Unit month = Unit.of("month", Rational.ONE);
    prefixed(second, "s", SMALL, "second", "sec", "秒");
    unit(second.scaled(Rational.of(60)), "min", "minute", "mins", "分钟", "分");
    unit(second.scaled(Rational.of(3_600)), "h", "hour", "hr", "小时", "時間");
    unit(second.scaled(Rational.of(86_400)), "d", "day", "天");
    unit(second.scaled(Rational.of(604_800)), "wk", "week");
    unit(second.scaled(Rational.of(1_209_600)), "fn", "fortnight");
    // A month has no number of days, and a year none without its name.
    unit(month, "mo", "month");
    unit(month.scaled(Rational.of(12)), "yr", "year", "年");
    unit(month.scaled(Rational.of(120)), "decades", "decade");
    unit(month.scaled(Rational.of(1_200)), "centuries", "century");
    unit(month.scaled(Rational.of(12_000)), "millennia", "millennium");
  }

  private static void volumes() {
    Unit litre = Unit.of("length", Rational.ONE).power(3).scaled(Rational.of("0.001"));
    prefixed(
        litre,
        "l",
        "m 1e-3 milli,c 1e-2 centi,d 1e-1 deci,h 1e2 hecto,μ 1e-6 micro",
        "liter",
        "litre");
    prefixed(litre, "L", "m 1e-3 milli,c 1e-2 centi,d 1e-1 deci,h 1e2 hecto,μ 1e-6 micro");
    unit(litre.scaled(Rational.of("0.001")), "cc");
    unit(litre.scaled(Rational.of("3.785411784")), "gal", "gallon");
    unit(litre.scaled(Rational.of("0.946352946")), "qt", "quart");
    unit(litre.scaled(Rational.of("0.473176473")), "pt", "pint");
    unit(litre.scaled(Rational.of("0.0295735295625")), "floz", "fluidounce");
    unit(litre.scaled(Rational.of("0.0147867647813")), "tbsp", "tablespoon");
    unit(litre.scaled(Rational.of("0.0147867647813").dividedBy(Rational.of(3))), "tsp", "teaspoon");
    name(litre, "升");
  }

  private static void physics() {
    Unit metre = Unit.of("length", Rational.ONE);
    Unit second = Unit.of("time", Rational.ONE);
    Unit kilogram = Unit.of("mass", Rational.of(1_000));
    Unit newton = kilogram.times(metre).times(second.power(-2));
    Unit joule = newton.times(metre);
    Unit watt = joule.times(second.power(-1));
    Unit ampere = Unit.of("current", Rational.ONE);
    Unit volt = watt.times(ampere.power(-1));
    Unit kelvin = Unit.of("temperature", Rational.ONE);
    Unit celsius = kelvin.startingAt(Rational.of("273.15"));
    Unit fahrenheit = kelvin.scaled(Rational.of(5, 9)).startingAt(Rational.of("459.67"));

    prefixed(newton, "N", BOTH, "newton");
    prefixed(joule, "J", BOTH, "joule");
    prefixed(joule.scaled(Rational.of(3_600)), "Wh", LARGE, "watthour");
    prefixed(joule.scaled(Rational.of("4.184")), "cal", "k 1e3 kilo", "calorie");
    prefixed(joule.scaled(Rational.of("1.602176634e-19")), "eV", BOTH, "electronvolt");
    prefixed(watt, "W", BOTH, "watt");
    prefixed(ampere, "A", BOTH, "ampere", "amp");
    prefixed(volt, "V", BOTH, "volt");
    prefixed(volt.times(ampere.power(-1)), "Ω", BOTH, "ohm");
    prefixed(newton.times(metre.power(-2)), "Pa", BOTH + ",h 1e2 hecto", "pascal");
    prefixed(
        newton.times(metre.power(-2)).scaled(Rational.of(100_000)), "bar", "m 1e-3 milli", "bar");
    unit(newton.times(metre.power(-2)).scaled(Rational.of(101_325)), "atm", "atmosphere");
    prefixed(second.power(-1), "Hz", BOTH, "hertz");
    prefixed(Unit.of("substance", Rational.ONE), "mol", SMALL + ",k 1e3 kilo", "mole");
    prefixed(volt.times(second), "Wb", SMALL, "weber");
    name(ampere.times(second), "coulomb");
    name(ampere.times(second).times(volt.power(-1)), "farad");
    unit(metre.times(second.power(-1)).scaled(Rational.of(5, 18)), "kph", "kmh");
    unit(metre.times(second.power(-1)).scaled(Rational.of("0.44704")), "mph");
    unit(metre.times(second.power(-1)).scaled(Rational.of(1852, 3600)), "kn", "knot");
    unit(kelvin, "K", "kelvin");
    unit(celsius, "°C", "celsius", "centigrade", "degreecelsius");
    unit(fahrenheit, "°F", "fahrenheit", "degreefahrenheit");
    symbol("C", celsius);
    symbol("C", ampere.times(second));
    symbol("F", fahrenheit);
    symbol("F", ampere.times(second).times(volt.power(-1)));
    Unit degree = Unit.ratio(Expression.of("π").dividedBy(Expression.of(180)));
    unit(degree, "°", "degree", "deg");
    unit(Unit.ratio(Expression.ONE), "rad", "radian");
  }

  private static void data() {
    Unit bit = Unit.of("data", Rational.ONE);
    Unit octet = bit.scaled(Rational.of(8));
    prefixed(bit, "bit", LARGE, "bit");
    prefixed(bit, "b", "k 1e3 ,M 1e6 ,G 1e9 ,T 1e12 ");
    prefixed(octet, "B", LARGE, "byte");
    symbol("KB", SYMBOLS.get("kB").getFirst());
    int power = 10;
    for (String prefix : List.of("K", "M", "G", "T")) {
      unit(octet.scaled(Rational.of(2).power(power)), prefix + "iB");
      power += 10;
    }
    NAMES.put("kibibyte", SYMBOLS.get("KiB"));
    NAMES.put("mebibyte", SYMBOLS.get("MiB"));
    NAMES.put("gibibyte", SYMBOLS.get("GiB"));
    for (String rate : List.of("k", "M", "G")) {
      symbol(
          rate + "bps",
          SYMBOLS.get(rate + "bit").getFirst().times(Unit.of("time", Rational.ONE).power(-1)));
    }
  }

  private static void shares() {
    unit(Unit.ratio(Expression.of(Rational.of(1, 100))), "%", "percent", "pct");
    unit(Unit.ratio(Expression.of(Rational.of(1, 1_000))), "‰", "permille", "permil");
    unit(Unit.ratio(Expression.of(Rational.of(1, 1_000_000))), "ppm");
  }

  private static void money() {
    currency("USD", "$ US$", "dollar", "buck", "usdollar");
    currency("EUR", "€", "euro");
    currency("GBP", "£", "poundsterling", "quid");
    currency("JPY", "¥", "yen", "円");
    currency("CNY", "RMB", "yuan", "元", "renminbi");
    currency("INR", "₹ Rs", "rupee");
    currency("CHF", "Fr", "franc");
    currency("KRW", "₩", "won");
    currency("RUB", "₽", "ruble", "rouble");
    for (String code : "CAD AUD NZD SEK NOK DKK PLN CZK BRL MXN ZAR TRY".split(" ")) {
      currency(code, "");
    }
    Unit hundredth = SYMBOLS.get("USD").getFirst().scaled(Rational.of(1, 100));
    symbol("¢", hundredth);
    name(hundredth, "cent");
    name(SYMBOLS.get("EUR").getFirst().scaled(Rational.of(1, 100)), "cent");
    name(SYMBOLS.get("GBP").getFirst(), "pound");
    name(SYMBOLS.get("GBP").getFirst().scaled(Rational.of(1, 100)), "pence", "penny");
  }

  private static void currency(String code, String symbols, String... names) {
    Unit currency = Unit.of("money in " + code, Rational.ONE);
    unit(currency, code, names);
    for (String symbol : symbols.split(" ")) {
      if (!symbol.isEmpty()) {
        symbol(symbol, currency);
      }
    }
  }

  private static void unit(Unit unit, String symbol, String... names) {
    symbol(symbol, unit);
    name(unit, names);
  }

  /// @param prefixes symbol, factor and name of each, as `k 1e3 kilo`
  private static void prefixed(Unit unit, String symbol, String prefixes, String... names) {
    unit(unit, symbol, names);
    for (String prefix : prefixes.split(",")) {
      String[] parts = prefix.split(" ", -1);
      Unit scaled = unit.scaled(Rational.of(parts[1]));
      if (!SYMBOLS.containsKey(parts[0] + symbol)) {
        symbol(parts[0] + symbol, scaled);
      }
      for (String name : names) {
        if (!parts[2].isEmpty() && !NAMES.containsKey(parts[2] + name)) {
          name(scaled, parts[2] + name);
        }
      }
    }
  }

  private static void symbol(String symbol, Unit unit) {
    SYMBOLS.computeIfAbsent(symbol, key -> new ArrayList<>()).add(unit);
  }

  private static void name(Unit unit, String... names) {
    for (String name : names) {
      NAMES.computeIfAbsent(name, key -> new ArrayList<>()).add(unit);
    }
  }
}
