package dev.ponder.compression.check;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The units a number can have, in one way of writing.
final class Units {

  private static final Map<String, String> NAMES = new HashMap<>();

  static {
    unit("%", "percent", "per cent", "pct");
    unit("km", "kilometer", "kilometers", "kilometre", "kilometres");
    unit("m", "meter", "meters", "metre", "metres");
    unit("cm", "centimeter", "centimeters", "centimetre", "centimetres");
    unit("mm", "millimeter", "millimeters", "millimetre", "millimetres");
    unit("mi", "mile", "miles");
    unit("ft", "foot", "feet");
    unit("inch", "inches");
    unit("kg", "kilogram", "kilograms", "kilo", "kilos");
    unit("g", "gram", "grams");
    unit("mg", "milligram", "milligrams");
    unit("t", "ton", "tons", "tonne", "tonnes");
    unit("lb", "lbs", "pound", "pounds");
    unit("l", "L", "liter", "liters", "litre", "litres");
    unit("ml", "mL", "milliliter", "milliliters", "millilitre", "millilitres");
    unit("ms", "millisecond", "milliseconds");
    unit("s", "sec", "secs", "second", "seconds");
    unit("min", "mins", "minute", "minutes");
    unit("h", "hr", "hrs", "hour", "hours");
    unit("day", "days");
    unit("week", "weeks");
    unit("month", "months");
    unit("year", "years", "yr", "yrs");
    unit("°C", "degrees Celsius", "degree Celsius");
    unit("°F", "degrees Fahrenheit", "degree Fahrenheit");
    unit("°", "degree", "degrees");
    unit("J");
    unit("W", "watt", "watts");
    unit("kW", "kilowatt", "kilowatts");
    unit("kWh");
    unit("V", "volt", "volts");
    unit("N", "newton", "newtons");
    unit("Pa");
    unit("Hz", "hertz");
    unit("kB", "KB", "kilobyte", "kilobytes");
    unit("MB", "megabyte", "megabytes");
    unit("GB", "gigabyte", "gigabytes");
    unit("TB", "terabyte", "terabytes");
    unit("$", "USD", "dollar", "dollars");
    unit("€", "EUR", "euro", "euros");
    unit("£", "GBP");
    unit("¥", "JPY", "yen");
    unit("₹", "INR", "rupee", "rupees");
  }

  private static final String ONE =
      "(?:%|°[CF]?|[$€£¥₹]|per cent\\b|degrees? (?:Celsius|Fahrenheit)\\b|\\p{L}+[²³]?)";

  /// A unit after a number, such as `km/h`, `%`, ` per hour`, or `tickets an hour` without the
  /// noun.
  private static final Pattern AFTER =
      Pattern.compile(" ?(?!per (?!cent))(%s)(?: ?(?:/| per | an? ) ?(%s))?".formatted(ONE, ONE));

  private static final Pattern RATE =
      Pattern.compile(" (?:\\p{L}+ )?(?:per|an?) (%s)".formatted(ONE));

  /// `degrees Fahrenheit` is the longest name.
  private static final int LONGEST = 20;

  private Units() {}

  private static void unit(String symbol, String... names) {
    NAMES.put(symbol, symbol);
    for (String name : names) {
      NAMES.put(name, symbol);
    }
  }

  /// The unit at the beginning of a text, or null.
  static @Nullable String after(String text) {
    Matcher matcher = AFTER.matcher(text);
    if (matcher.lookingAt()) {
      String unit = known(matcher.group(1));
      if (unit != null) {
        String rate = matcher.group(2) == null ? null : known(matcher.group(2));
        return rate == null ? unit : unit + "/" + rate;
      }
    }
    Matcher rate = RATE.matcher(text);
    String per = rate.lookingAt() ? known(rate.group(1)) : null;
    return per == null ? null : "/" + per;
  }

  /// The symbol of a unit, or null if the word is none.
  static @Nullable String known(String word) {
    int end = word.length();
    if (end == 0 || end > LONGEST) {
      return null;
    }
    char last = word.charAt(end - 1);
    if (last == '²' || last == '³') {
      String base = plain(word.substring(0, end - 1));
      return base == null ? null : base + last;
    }
    return plain(word);
  }

  private static @Nullable String plain(String word) {
    String exact = NAMES.get(word);
    boolean symbol = word.length() <= 2;
    return exact != null || symbol ? exact : NAMES.get(word.toLowerCase(Locale.ROOT));
  }
}
