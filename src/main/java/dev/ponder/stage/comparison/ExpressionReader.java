package dev.ponder.stage.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads numbers and formulas: `3*10^8`, `1 1/2`, `√16`, `2π`, `(x+1)^2`.
///
/// A method that reads a part returns null and stays where it was if the part is not there.
final class ExpressionReader {

  /// Longer formulas are compared as text: it bounds the steps of an answer.
  private static final int LONGEST = 500;

  private static final int DEEPEST = 40;

  /// Functions that nobody takes apart here. Their names are no products of letters.
  private static final Set<String> FUNCTIONS =
      Set.of(
          "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
          "tanh", "log", "ln", "lg", "exp", "gcd", "lcm", "min", "max", "abs", "floor", "ceil",
          "det", "O", "Θ", "Ω", "f", "g", "h");

  private static final Map<String, BinaryOperator<Expression>> OF_TWO =
      Map.of(
          "binom",
          Expression::choose,
          "root",
          (degree, radicand) -> radicand.power(Expression.ONE.dividedBy(degree)));

  private final String text;
  private final boolean constantsOnly;
  private int at;
  private int depth;
  private int lettersUntil;
  private @Nullable Numeral onlyNumeral;

  private ExpressionReader(String text, boolean constantsOnly) {
    this.text = text;
    this.constantsOnly = constantsOnly;
  }

  /// A number at the beginning of a text.
  ///
  /// @param end where the text goes on
  record Beginning(Expression value, Precision precision, int end) {}

  /// A formula, if the whole text is one.
  static Optional<Expression> whole(String text) {
    return read(text, false)
        .filter(beginning -> beginning.end() == text.length())
        .map(Beginning::value);
  }

  /// The longest number that the text begins with.
  static Optional<Beginning> number(String text) {
    return read(text, true);
  }

  private static Optional<Beginning> read(String text, boolean constantsOnly) {
    var reader = new ExpressionReader(text, constantsOnly);
    try {
      Expression value = reader.sum();
      if (value == null || reader.at > LONGEST && reader.onlyNumeral == null) {
        return Optional.empty();
      }
      Numeral numeral = reader.onlyNumeral;
      boolean isNumeral = numeral != null && numeral.end() == reader.at;
      Precision precision = isNumeral ? numeral.precision() : Precision.EXACT;
      return Optional.of(new Beginning(value, precision, reader.at));
    } catch (ArithmeticException notReadable) {
      return Optional.empty();
    }
  }

  private @Nullable Expression sum() {
    Expression result = product();
    while (result != null) {
      int before = at;
      blanks();
      char operator = current();
      if (operator != '+' && operator != '-') {
        at = before;
        break;
      }
      boolean blankBefore = at > before;
      at++;
      boolean blankAfter = current() == ' ';
      // "3 -5" is two numbers.
      Expression next = blankBefore && !blankAfter && constantsOnly ? null : product();
      if (next == null) {
        at = before;
        break;
      }
      onlyNumeral = null;
      result = operator == '+' ? result.plus(next) : result.minus(next);
    }
    return result;
  }

  private @Nullable Expression product() {
    Expression result = signed();
    boolean divided = false;
    while (result != null) {
      limit();
      int before = at;
      blanks();
      boolean blank = at > before;
      char operator = current();
      if (operator == '*' || operator == '/') {
        at++;
        Expression next = signed();
        if (next == null) {
          at = before;
          break;
        }
        divided = operator == '/' && text.charAt(at - 1) != ')';
        onlyNumeral = null;
        result = operator == '*' ? result.times(next) : result.dividedBy(next);
        continue;
      }
      Expression next = besides(blank) ? power() : null;
      if (next == null) {
        at = before;
        break;
      }
      if (divided && !blank) {
        throw new ArithmeticException("1/2x can be x/2 or 1/(2x).");
      }
      onlyNumeral = null;
      result = result.times(next);
    }
    return result;
  }

  /// Whether what stands here can be a factor without a sign between: `2x`, `3(x+1)`.
  private boolean besides(boolean blank) {
    char next = current();
    boolean afterBracket = at > 0 && text.charAt(at - 1) == ')';
    return Character.isLetter(next) || next == '√' || next == '(' && (!blank || afterBracket);
  }

  private @Nullable Expression signed() {
    int before = at;
    blanks();
    char sign = current();
    if (sign == '+' || sign == '-') {
      at++;
      deeper();
      Expression value = signed();
      depth--;
      if (value == null) {
        at = before;
      }
      return value == null || sign == '+' ? value : value.negate();
    }
    Expression value = power();
    if (value == null) {
      at = before;
    }
    return value;
  }

  private @Nullable Expression power() {
    int before = at;
    Expression base = primary();
    if (base == null) {
      at = before;
      return null;
    }
    while (current() == '!' && next() != '=') {
      at++;
      onlyNumeral = null;
      base = base.factorial();
    }
    if (current() != '^') {
      return base;
    }
    at++;
    deeper();
    Expression exponent = signed();
    depth--;
    if (exponent == null) {
      throw new ArithmeticException("An exponent is missing.");
    }
    onlyNumeral = null;
    return base.power(exponent);
  }

  private @Nullable Expression primary() {
    limit();
    char c = current();
    if (c == '√') {
      at++;
      blanks();
      return rootOf(2);
    }
    if (c == '∞') {
      at++;
      onlyNumeral = null;
      return Expression.INFINITE;
    }
    if (c == '(') {
      return bracketed();
    }
    Optional<Numeral> numeral = Numeral.at(text, at);
    if (numeral.isPresent()) {
      return number(numeral.get());
    }
    return Character.isLetter(c) ? word() : null;
  }

  private @Nullable Expression rootOf(int degree) {
    deeper();
    Expression radicand = primary();
    depth--;
    onlyNumeral = null;
    return radicand == null ? null : radicand.power(Expression.of(Rational.of(1, degree)));
  }

  private @Nullable Expression bracketed() {
    at++;
    deeper();
    Expression inside = sum();
    depth--;
    blanks();
    if (inside == null || current() != ')') {
      return null;
    }
    at++;
    onlyNumeral = null;
    return inside;
  }

  private Expression number(Numeral numeral) {
    int start = at;
    at = numeral.end();
    onlyNumeral =
        start == 0 || text.substring(0, start).isBlank() || isSign(start) ? numeral : null;
    Expression whole = Expression.of(numeral.value());
    Optional<Numeral> top = current() == ' ' ? Numeral.at(text, at + 1) : Optional.empty();
    if (top.isEmpty() || !charIs(top.get().end(), '/') || !numeral.value().isWhole()) {
      return whole;
    }
    Optional<Numeral> bottom = Numeral.at(text, top.get().end() + 1);
    if (bottom.isEmpty()
        || bottom.get().value().isZero()
        || top.get().value().compareTo(bottom.get().value()) >= 0) {
      return whole;
    }
    at = bottom.get().end();
    onlyNumeral = null;
    return whole.plus(Expression.of(top.get().value().dividedBy(bottom.get().value())));
  }

  private boolean isSign(int start) {
    return start == 1 && (text.charAt(0) == '-' || text.charAt(0) == '+');
  }

  /// Functions, constants, variables; several letters are a product of variables if at most three
  /// stand where a word cannot.
  private @Nullable Expression word() {
    if (at < lettersUntil) {
      return Expression.of(String.valueOf(text.charAt(at++)));
    }
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    switch (word) {
      case "π", "pi", "Pi" -> {
        return Expression.of("π");
      }
      case "e" -> {
        return constantsOnly && current() == '\'' ? null : Expression.of("e");
      }
      case "infinity", "inf", "oo" -> {
        return Expression.INFINITE;
      }
      case "sqrt" -> {
        blanks();
        return rootOf(2);
      }
      case "cbrt" -> {
        return rootOf(3);
      }
      default -> {
        // A name of another kind.
      }
    }
    BinaryOperator<Expression> ofTwo = OF_TWO.get(word);
    if (ofTwo != null) {
      List<Expression> arguments = arguments();
      return arguments.size() == 2 ? ofTwo.apply(arguments.get(0), arguments.get(1)) : null;
    }
    if (FUNCTIONS.contains(word) && (word.length() > 1 || current() == '(')) {
      return function(word);
    }
    if (word.startsWith("π") && word.length() <= 3 && !constantsOnly) {
      return firstOf(word, start);
    }
    if (constantsOnly || word.length() > 3 || word.length() > 1 && !amongOperators(start)) {
      return null;
    }
    if (word.length() == 1) {
      int digits = at;
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        at++;
      }
      return Expression.of(word + text.substring(digits, at));
    }
    return firstOf(word, start);
  }

  /// The first of several letters; the others follow as factors of their own.
  private Expression firstOf(String word, int start) {
    lettersUntil = at;
    at = start + 1;
    return Expression.of(word.substring(0, 1));
  }

  /// Whether letters stand directly beside a digit or an operator, and no blank parts them.
  private boolean amongOperators(int start) {
    boolean before = start > 0 && "0123456789*/^(".indexOf(text.charAt(start - 1)) >= 0;
    return before || "*/^".indexOf(current()) >= 0;
  }

  private @Nullable Expression function(String name) {
    String base = "";
    if (name.equals("log")) {
      int digits = at;
      while (Character.isDigit(current())) {
        at++;
      }
      base = text.substring(digits, at);
    }
    Expression raised = null;
    if (current() == '^') {
      at++;
      raised = primary();
    }
    blanks();
    deeper();
    List<Expression> arguments = current() == '(' ? arguments() : List.of();
    Expression bare = arguments.isEmpty() ? power() : null;
    depth--;
    if (arguments.isEmpty() && bare == null) {
      return null;
    }
    onlyNumeral = null;
    List<Expression> all = bare == null ? arguments : List.of(bare);
    Expression value =
        all.size() == 1 ? valueOf(name + base, all.getFirst()) : opaque(name + base, all);
    return raised == null ? value : value.power(raised);
  }

  private static Expression opaque(String name, List<Expression> arguments) {
    return Expression.of(
        name + "(" + String.join(",", arguments.stream().map(Expression::toString).toList()) + ")");
  }

  private static Expression valueOf(String name, Expression argument) {
    return switch (name) {
      case "exp" -> Expression.of("e").power(argument);
      case "ln" ->
          argument.denotes(Expression.of("e"))
              ? Expression.ONE
              : Logarithms.exact(argument, 0).orElseGet(() -> opaque(name, List.of(argument)));
      case "lg", "log10" ->
          Logarithms.exact(argument, 10).orElseGet(() -> opaque("log10", List.of(argument)));
      default -> {
        boolean logarithm = name.startsWith("log");
        Optional<Expression> exact =
            logarithm ? Logarithms.exact(argument, Logarithms.base(name)) : Optional.empty();
        yield exact.orElseGet(() -> opaque(name, List.of(argument)));
      }
    };
  }

  private List<Expression> arguments() {
    var arguments = new ArrayList<Expression>();
    if (current() != '(') {
      return arguments;
    }
    deeper();
    do {
      at++;
      Expression argument = sum();
      blanks();
      if (argument == null || current() != ',' && current() != ';' && current() != ')') {
        throw new ArithmeticException("An argument cannot be read.");
      }
      arguments.add(argument);
    } while (current() != ')');
    at++;
    depth--;
    return arguments;
  }

  private void deeper() {
    if (++depth > DEEPEST) {
      throw new ArithmeticException("Brackets stand deeper than " + DEEPEST + ".");
    }
  }

  private void limit() {
    if (at > LONGEST) {
      throw new ArithmeticException("A formula is longer than " + LONGEST + " characters.");
    }
  }

  private void blanks() {
    while (current() == ' ') {
      at++;
    }
  }

  private char current() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char next() {
    return at + 1 < text.length() ? text.charAt(at + 1) : 0;
  }

  private boolean charIs(int place, char wanted) {
    return place < text.length() && text.charAt(place) == wanted;
  }
}
