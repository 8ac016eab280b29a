package dev.ponder.compression.check;

import dev.ponder.memory.Wording;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A piece of a text that may be part of a calculation.
///
/// @param text an operator in one way of writing (`+`, `-`, `*`, `/`), a number without its
///     thousands separators, else what stands in the text
/// @param number the value of a number, with the decimals that are written; null for anything else
/// @param start where it begins in the text
/// @param end where it ends
record CalculationToken(Kind kind, String text, @Nullable BigDecimal number, int start, int end) {

  /// What a piece is for a calculation. The order is that in which the pieces are looked for.
  enum Kind {
    /// What would be read as another calculation than it is: a date, a time, a version, a name with
    /// a number, a power, a factorial, a ratio, a function, a share in words, a variable.
    UNREADABLE(
        "\\d{4}-\\d\\d?-\\d\\d?|0[xX]\\p{XDigit}++|\\d++:\\d++(?::\\d++)?|(?<=\\d ):(?= \\d)|\\d++(?:\\.\\d++){2,}+"
            + "|\\d++(?:st|nd|rd|th)\\b|\\p{L}[\\p{L}\\p{N}_]*+(?:-\\d++)++"
            + "|(?!(?<=\\d)[xX]\\d)\\p{L}++[\\p{N}_][\\p{L}\\p{N}_]*+"
            + "|\\d++!(?= ?[-+*/=])|\\d*+(?:\\*\\*|\\^|[²³])|\\p{L}{2,}+\\((?!e?s\\))"
            + "|(?i:half|third|quarter|twice|thrice|double|triple|squared|cubed|mod)\\b(?: (?:of|as|the)\\b)*+"),
    /// `3-5` with nothing between: from 3 to 5.
    RANGE("(?<![\\d.,-])\\d++-\\d++(?![\\d-]|[.,]\\d)"),
    NUMBER(
        "(?:\\d{1,3}(?:,\\d{3}){1,13}+(?:\\.\\d++)?+(?!\\d|,\\d)|\\d++(?:[.,]\\d++)?+|\\.\\d++)"
            + "(?: (?i:thousand|million|billion|trillion)\\b)?"),
    PERCENT("%|(?i:per cent|percent)\\b"),
    RELATION("<=|>=|=>|=<|!=|<>|->|[→⇒≠≤≥<>]|\\\\(?:neq?|leq?|geq?|to|Rightarrow)\\b"),
    /// Equal but for rounding.
    ABOUT(
        "[≈≃≅]|~=|\\\\approx\\b|= ?(?:~|(?i:about|approximately|approx\\.|roughly|around|nearly)\\b)"),
    EQUALS("==?|(?i:is equal to|equals)\\b"),
    OPERATOR(
        "[-+*/×⋅·÷]|\\\\(?:times|cdot|div)\\b|(?i:plus|minus|times|multiplied by|divided by)\\b"
            + "|(?<=[\\d\\p{L})%] ?)[xX](?= ?[\\d(.])|(?<=(?:[\\d%)]|cent) )of(?= [\\d(])"),
    /// A unit, a noun that is counted, or any other word; a remark in parentheses too.
    WORD(
        "\\((?:\\p{L}[^()\\d=\\n]*)\\)"
            + "|[\\p{L}°][\\p{L}\\p{M}'’°]*+(?:[-/]\\p{L}++)*+(?:[²³]|\\^[23])?+(?:\\(e?s\\))?+"),
    OPEN("[(\\[]"),
    CLOSE("[)\\]]"),
    /// The end of a statement.
    STOP("[,;:.!?\"“”`|…—\\n]");

    private final String pattern;

    Kind(String pattern) {
      this.pattern = pattern;
    }
  }

  /// More digits than anything that was counted has.
  private static final int LONGEST = 40;

  private static final Pattern TOKEN = tokenPattern();

  private static Pattern tokenPattern() {
    List<String> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      kinds.add("(?<%s>%s)".formatted(kind.name(), kind.pattern));
    }
    return Pattern.compile(String.join("|", kinds) + "|\\\\\\p{L}+|\\S");
  }

  /// The pieces of a text in [Wording#plain] form, without white space.
  static List<CalculationToken> in(String text) {
    List<CalculationToken> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      Wording.stopIfInterrupted();
      Kind kind = kind(matcher);
      int start = matcher.start();
      String found = matcher.group();
      int dash = found.indexOf('-');
      if (kind == Kind.RANGE && !ascends(found, dash)) {
        tokens.add(token(Kind.NUMBER, found.substring(0, dash), start));
        tokens.add(token(Kind.OPERATOR, "-", start + dash));
        tokens.add(token(Kind.NUMBER, found.substring(dash + 1), start + dash + 1));
      } else {
        tokens.add(token(kind, found, start));
      }
    }
    return tokens;
  }

  private static Kind kind(Matcher matcher) {
    for (Kind kind : Kind.values()) {
      if (matcher.group(kind.name()) != null) {
        return kind;
      }
    }
    return Kind.UNREADABLE;
  }

  private static boolean ascends(String range, int dash) {
    String from = range.substring(0, dash);
    String to = range.substring(dash + 1);
    // Numbers of so many digits are unreadable by themselves.
    return from.length() <= LONGEST
        && to.length() <= LONGEST
        && new BigDecimal(from).compareTo(new BigDecimal(to)) < 0;
  }

  private static CalculationToken token(Kind kind, String found, int start) {
    int end = start + found.length();
    return switch (kind) {
      case NUMBER -> number(found, start, end);
      case OPERATOR -> new CalculationToken(kind, operator(found), null, start, end);
      case WORD ->
          new CalculationToken(isVariable(found) ? Kind.UNREADABLE : kind, found, null, start, end);
      case RANGE -> new CalculationToken(Kind.UNREADABLE, found, null, start, end);
      default -> new CalculationToken(kind, found, null, start, end);
    };
  }

  private static CalculationToken number(String found, int start, int end) {
    String[] parts = found.split(" ", 2);
    if (parts[0].length() > LONGEST) {
      return new CalculationToken(Kind.UNREADABLE, found, null, start, end);
    }
    boolean grouped = parts[0].matches("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?");
    String digits = grouped ? parts[0].replace(",", "") : parts[0].replace(',', '.');
    int zeros = parts.length == 1 ? 0 : Quantities.zeros(parts[1]);
    var number = new BigDecimal(digits).scaleByPowerOfTen(zeros);
    String shown = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    return new CalculationToken(Kind.NUMBER, shown, number, start, end);
  }

  private static String operator(String found) {
    return switch (found.toLowerCase(Locale.ROOT)) {
      case "+", "plus" -> "+";
      case "-", "minus" -> "-";
      case "/", "÷", "\\div", "divided by" -> "/";
      default -> "*";
    };
  }

  /// `x` and `n`, but not the `m` of `5 m`, and not `a` or `I`.
  private static boolean isVariable(String word) {
    String base = word.replaceFirst("(?:[²³]|\\^[23])$", "");
    return base.length() == 1 && Units.known(base) == null && !base.matches("[aAI]");
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
