package dev.ponder.compression.check;

import dev.ponder.compression.check.CalculationToken.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a run of tokens comes to, with the usual precedence of operators.
///
/// @param value exact
/// @param first the number it begins with, as it is written; null for a parenthesis
/// @param end the token after it
/// @param operators how many operators it has; 0 for a number alone
/// @param divided whether one of them divides
/// @param terms whether all of them add or take away
record Expression(
    Fraction value,
    @Nullable BigDecimal first,
    int end,
    int operators,
    boolean divided,
    boolean terms) {

  /// What `%` does to the number before it.
  enum Percent {
    /// `20 %` is 0.2.
    SHARE,
    /// `20 %` is 20 of something, as kilograms are.
    UNIT,
    /// `50 + 20 %` is 60, and elsewhere it is a share.
    OF_THE_REST
  }

  /// The expression that begins at a token, as long as it goes; empty where none begins there or a
  /// number is divided by zero.
  static Optional<Expression> at(List<CalculationToken> tokens, int from, Percent percent) {
    return new Reader(tokens, percent, from).read();
  }

  boolean calculates() {
    return operators > 0;
  }

  private static final class Reader {

    /// Words that can follow a number: `4 coins per red pen`.
    private static final int MOST_WORDS = 4;

    private static final int DEEPEST = 16;

    /// With more operators it is no calculation that a person would check.
    private static final int MOST_OPERATORS = 64;

    /// An exact value of more binary digits, about 300 decimal ones, is not gone on with: each
    /// further operator would take longer than the one before.
    private static final int MOST_BITS = 1000;

    private static final Fraction HUNDREDTH = Fraction.of(new BigDecimal("0.01"));

    private final List<CalculationToken> tokens;
    private final Percent percent;
    private final int from;
    private int at;
    private int depth;
    private int operators;
    private boolean divided;
    private boolean multiplied;
    private @Nullable BigDecimal first;

    Reader(List<CalculationToken> tokens, Percent percent, int from) {
      this.tokens = tokens;
      this.percent = percent;
      this.from = from;
      this.at = from;
    }

    Optional<Expression> read() {
      Fraction value = sum();
      return value == null
          ? Optional.empty()
          : Optional.of(
              new Expression(value, first, at, operators, divided, !divided && !multiplied));
    }

    private @Nullable Fraction sum() {
      Fraction sum = product();
      while (sum != null && (isOperator("+") || isOperator("-")) && isOperand(at + 1)) {
        boolean taken = isOperator("-");
        boolean share = percent == Percent.OF_THE_REST && isPercentAlone(at + 1);
        at++;
        operators++;
        Fraction term = product();
        if (term == null) {
          return null;
        }
        term = share ? term.times(sum) : term;
        sum = bounded(taken ? sum.minus(term) : sum.plus(term));
      }
      return sum;
    }

    private @Nullable Fraction product() {
      Fraction product = operand();
      while (product != null && (isOperator("*") || isOperator("/")) && isOperand(at + 1)) {
        boolean divides = isOperator("/");
        at++;
        operators++;
        Fraction factor = operand();
        if (factor == null) {
          return null;
        }
        divided |= divides;
        multiplied |= !divides;
        product = bounded(divides ? product.dividedBy(factor).orElse(null) : product.times(factor));
      }
      return product;
    }

    private @Nullable Fraction bounded(@Nullable Fraction value) {
      return value == null || operators > MOST_OPERATORS || value.bits() > MOST_BITS ? null : value;
    }

    private @Nullable Fraction operand() {
      if (!isOperand(at)) {
        return null;
      }
      boolean negative = isOperator("-");
      at += tokens.get(at).is(Kind.OPERATOR) ? 1 : 0;
      Fraction value = is(at, Kind.OPEN) ? parenthesis() : number(negative);
      if (value == null) {
        return null;
      }
      if (is(at, Kind.PERCENT)) {
        value = percent == Percent.UNIT ? value : value.times(HUNDREDTH);
        at++;
      }
      for (int words = 0; words < MOST_WORDS && is(at, Kind.WORD); words++) {
        at++;
      }
      return negative ? value.negated() : value;
    }

    private Fraction number(boolean negative) {
      BigDecimal number = tokens.get(at).number();
      boolean begins = at == from || (at == from + 1 && tokens.get(from).is(Kind.OPERATOR));
      at++;
      if (begins) {
        BigDecimal written =
            is(at, Kind.PERCENT) && percent != Percent.UNIT ? number.movePointLeft(2) : number;
        first = negative ? written.negate() : written;
      }
      return Fraction.of(number);
    }

    private @Nullable Fraction parenthesis() {
      if (++depth > DEEPEST) {
        return null;
      }
      at++;
      Fraction value = sum();
      if (value == null || !is(at, Kind.CLOSE)) {
        return null;
      }
      at++;
      depth--;
      return value;
    }

    /// A number or a parenthesis, maybe with a sign.
    private boolean isOperand(int index) {
      boolean signed =
          is(index, Kind.OPERATOR) && List.of("+", "-").contains(tokens.get(index).text());
      int begin = signed ? index + 1 : index;
      return is(begin, Kind.NUMBER) || is(begin, Kind.OPEN);
    }

    private boolean isPercentAlone(int index) {
      return is(index, Kind.NUMBER)
          && is(index + 1, Kind.PERCENT)
          && !(is(index + 2, Kind.OPERATOR) && "*/".contains(tokens.get(index + 2).text()));
    }

    private boolean isOperator(String operator) {
      return is(at, Kind.OPERATOR) && tokens.get(at).text().equals(operator);
    }

    private boolean is(int index, Kind kind) {
      return index < tokens.size() && tokens.get(index).is(kind);
    }
  }
}
