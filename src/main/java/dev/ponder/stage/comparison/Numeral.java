package dev.ponder.stage.comparison;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number as its digits are written: `1,234.5`, `1.234,5`, `1 234`, `0.(3)`, `3e8`, `0x1F`,
/// `101_2`.
///
/// @param end where the text goes on
record Numeral(Rational value, Precision precision, int end) {

  /// The parts of a number. A comma before exactly three digits divides thousands, except after a
  /// lone zero; a point always begins decimals unless there are several. Each loop is possessive.
  private static final Pattern FORMS =
      Pattern.compile(
          """
          (?:0[xX](?<hex>[0-9a-fA-F]++)|0[bB](?<binary>[01]++))(?![\\p{L}\\d])
          |(?<based>[0-9A-Fa-f]++)_(?<base>\\d\\d?+)(?![\\p{L}\\d])
          |(?:(?<whole>(?!0[,'_\\ ])\\d{1,3}(?:,\\d{3})++(?![\\d,])
                |\\d{1,2}(?:,\\d\\d(?=,))++,\\d{3}(?![\\d,])
                |\\d{1,3}(?:\\ \\d{3})++(?!\\d|[,]\\ ?\\d\\d?+(?!\\d))
                |\\d{1,3}(?:'\\d{3})++(?!\\d)
                |\\d{1,3}(?:_\\d{3})++(?!\\d))(?:\\.(?<decimals>\\d++))?+
            |(?<dotted>\\d{1,3}(?:[.\\ ]\\d{3})++),(?<dottedDecimals>\\d++)(?![,\\d])
            |(?<dots>\\d{1,3}(?:\\.\\d{3}){2,}+)(?![\\d.])
            |(?<comma>\\d++),(?<commaDecimals>\\d++)(?!,?+\\d)
            |(?<digits>\\d++)(?:\\.(?<fraction>\\d++)|(?=\\.\\())?+(?!\\.\\d)
            |(?<!\\d)(?=\\.[\\d(])(?<point>\\.)(?<bare>\\d*+))
          """,
          Pattern.COMMENTS);

  private static final Pattern REPEATED = Pattern.compile("\\.?\\((\\d{1,40})\\)(?:\\.{3})?");
  private static final Pattern ENDLESS = Pattern.compile("\\.{3}");
  private static final Pattern EXPONENT = Pattern.compile("[eE]([+-]?\\d{1,5})(?![\\p{L}\\d.])");

  /// The number that starts at this place.
  static Optional<Numeral> at(String text, int start) {
    if (start >= text.length()
        || !Character.isDigit(text.charAt(start)) && text.charAt(start) != '.') {
      return based(text, start);
    }
    Matcher form = FORMS.matcher(text).region(start, text.length());
    form.useTransparentBounds(true);
    if (!form.lookingAt()) {
      return Optional.empty();
    }
    if (form.group("hex") != null) {
      return Optional.of(exact(new BigInteger(form.group("hex"), 16), form.end()));
    }
    if (form.group("binary") != null) {
      return Optional.of(exact(new BigInteger(form.group("binary"), 2), form.end()));
    }
    if (form.group("based") != null) {
      return based(form);
    }
    String whole = first(form, "whole", "dotted", "dots", "comma", "digits");
    String decimals =
        first(form, "decimals", "dottedDecimals", "commaDecimals", "fraction", "bare");
    return Optional.of(withTail(text, whole.replaceAll("\\D", ""), decimals, form.end()));
  }

  private static Optional<Numeral> based(String text, int start) {
    if (start >= text.length() || "ABCDEFabcdef".indexOf(text.charAt(start)) < 0) {
      return Optional.empty();
    }
    Matcher form = FORMS.matcher(text).region(start, text.length());
    boolean found = form.lookingAt() && form.group("based") != null;
    return found && Pattern.matches(".*\\d.*", form.group("based"))
        ? based(form)
        : Optional.empty();
  }

  private static Optional<Numeral> based(Matcher form) {
    int base = Integer.parseInt(form.group("base"));
    try {
      return base < 2 || base > 36
          ? Optional.empty()
          : Optional.of(exact(new BigInteger(form.group("based"), base), form.end()));
    } catch (NumberFormatException noSuchDigit) {
      return Optional.empty();
    }
  }

  private static Numeral exact(BigInteger value, int end) {
    return new Numeral(Rational.of(value), Precision.EXACT, end);
  }

  private static String first(Matcher form, String... groups) {
    for (String group : groups) {
      if (form.group(group) != null) {
        return form.group(group);
      }
    }
    return "";
  }

  private static Numeral withTail(String text, String whole, String decimals, int end) {
    Rational value = decimal(whole, decimals);
    boolean point = end > 0 && text.charAt(end - 1) == '.';
    Matcher repeated = REPEATED.matcher(text).region(end, text.length());
    if ((!decimals.isEmpty() || point || text.startsWith(".(", end)) && repeated.lookingAt()) {
      return new Numeral(
          value.plus(repeating(decimals.length(), repeated.group(1))),
          Precision.EXACT,
          repeated.end());
    }
    if (point && decimals.isEmpty()) {
      throw new ArithmeticException("There are no digits after a point.");
    }
    Matcher endless = ENDLESS.matcher(text).region(end, text.length());
    if (!decimals.isEmpty() && endless.lookingAt()) {
      return endless(whole, decimals, value, endless.end());
    }
    Matcher exponent = EXPONENT.matcher(text).region(end, text.length());
    if (exponent.lookingAt()) {
      int shift = Integer.parseInt(exponent.group(1));
      Precision precision = Precision.written(whole, decimals).shifted(shift);
      return new Numeral(value.times(Rational.powerOfTen(shift)), precision, exponent.end());
    }
    return new Numeral(value, Precision.written(whole, decimals), end);
  }

  private static Rational decimal(String whole, String decimals) {
    return Rational.of(new BigInteger("0" + whole + decimals))
        .times(Rational.powerOfTen(-decimals.length()));
  }

  /// What the endless rest adds: of `0.1(6)` the 6, after one decimal.
  private static Rational repeating(int decimalsBefore, String period) {
    BigInteger nines = BigInteger.TEN.pow(period.length()).subtract(BigInteger.ONE);
    return new Rational(new BigInteger(period), nines).times(Rational.powerOfTen(-decimalsBefore));
  }

  /// `0.333…` repeats; `3.14159…` goes on as nobody says.
  private static Numeral endless(String whole, String decimals, Rational value, int end) {
    int length = decimals.length();
    for (int period = 1; period * 2 <= length && period <= 40; period++) {
      int same = period;
      while (same < length
          && decimals.charAt(length - 1 - same) == decimals.charAt(length - 1 - same + period)) {
        same++;
      }
      boolean fromThePoint = same == length;
      if (same >= (fromThePoint ? 2 : 3) * period) {
        Rational rest = repeating(length, decimals.substring(length - period));
        return new Numeral(value.plus(rest), Precision.EXACT, end);
      }
    }
    return new Numeral(value, Precision.written(whole, decimals).cut(), end);
  }
}
