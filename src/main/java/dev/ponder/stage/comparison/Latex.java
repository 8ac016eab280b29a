package dev.ponder.stage.comparison;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Turns LaTeX into the plain signs that the readers know: `\frac12` into `(1/2)`, `\{1, 2\}` into
/// `{1, 2}`. One pass from left to right; what it does not know stays as a word.
final class Latex {

  private static final int DEEPEST = 24;

  /// Stands for a dollar that is money until the dollars around formulas are gone.
  private static final String DOLLAR = "\uE000";

  private static final String SET_OPEN = "\uE001";
  private static final String SET_CLOSE = "\uE002";

  private static final Set<String> WRAPPERS =
      Set.of(
          "boxed",
          "fbox",
          "framebox",
          "text",
          "textbf",
          "textit",
          "textrm",
          "texttt",
          "textsf",
          "mathrm",
          "mathbf",
          "mathit",
          "mathsf",
          "mathtt",
          "mathcal",
          "mathbb",
          "mathfrak",
          "operatorname",
          "emph",
          "mbox",
          "hbox",
          "bm",
          "boldsymbol",
          "vec",
          "hat",
          "underline",
          "ensuremath",
          "textnormal",
          "mathord",
          "pmb",
          "unit");

  /// Spaces, sizes and other commands without a meaning of their own.
  private static final Set<String> NOTHING =
      Set.of(
          "left",
          "right",
          "big",
          "Big",
          "bigg",
          "Bigg",
          "bigl",
          "bigr",
          "Bigl",
          "Bigr",
          "limits",
          "displaylimits",
          "nolimits",
          "hline",
          "hfill",
          "boldmath",
          "rm",
          "bf",
          "it",
          "mathstrut",
          "displaystyle",
          "textstyle",
          "middle",
          "allowbreak",
          "protect",
          "normalsize",
          "large",
          "Large");

  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("cdot", "*"),
          Map.entry("times", "*"),
          Map.entry("ast", "*"),
          Map.entry("div", "/"),
          Map.entry("pm", "±"),
          Map.entry("mp", "∓"),
          Map.entry("le", "≤"),
          Map.entry("leq", "≤"),
          Map.entry("leqslant", "≤"),
          Map.entry("ge", "≥"),
          Map.entry("geq", "≥"),
          Map.entry("geqslant", "≥"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("ne", "≠"),
          Map.entry("neq", "≠"),
          Map.entry("approx", "≈"),
          Map.entry("simeq", "≈"),
          Map.entry("sim", "≈"),
          Map.entry("cong", "≈"),
          Map.entry("equiv", "≡"),
          Map.entry("in", "∈"),
          Map.entry("infty", "∞"),
          Map.entry("pi", "π"),
          Map.entry("emptyset", "∅"),
          Map.entry("varnothing", "∅"),
          Map.entry("degree", "°"),
          Map.entry("circ", "°"),
          Map.entry("textdegree", "°"),
          Map.entry("ldots", "..."),
          Map.entry("dots", "..."),
          Map.entry("cdots", "..."),
          Map.entry("dotsc", "..."),
          Map.entry("to", " → "),
          Map.entry("rightarrow", " → "),
          Map.entry("Rightarrow", " → "),
          Map.entry("implies", " → "),
          Map.entry("longrightarrow", " → "),
          Map.entry("cup", "∪"),
          Map.entry("cap", "∩"),
          Map.entry("land", " and "),
          Map.entry("lor", " or "),
          Map.entry("langle", "⟨"),
          Map.entry("rangle", "⟩"),
          Map.entry("lbrace", SET_OPEN),
          Map.entry("rbrace", SET_CLOSE),
          Map.entry("lbrack", "["),
          Map.entry("rbrack", "]"),
          Map.entry("lvert", "|"),
          Map.entry("rvert", "|"),
          Map.entry("mid", "|"),
          Map.entry("vert", "|"),
          Map.entry("colon", ":"),
          Map.entry("bmod", " mod "),
          Map.entry("mod", " mod "),
          Map.entry("quad", " "),
          Map.entry("qquad", " "),
          Map.entry("space", " "),
          Map.entry("newline", " "),
          Map.entry("par", " "),
          Map.entry("euro", "€"),
          Map.entry("pounds", "£"),
          Map.entry("textdollar", DOLLAR),
          Map.entry("alpha", "α"),
          Map.entry("beta", "β"),
          Map.entry("gamma", "γ"),
          Map.entry("delta", "δ"),
          Map.entry("epsilon", "ε"),
          Map.entry("varepsilon", "ε"),
          Map.entry("theta", "θ"),
          Map.entry("lambda", "λ"),
          Map.entry("mu", "μ"),
          Map.entry("rho", "ρ"),
          Map.entry("sigma", "σ"),
          Map.entry("tau", "τ"),
          Map.entry("phi", "φ"),
          Map.entry("varphi", "φ"),
          Map.entry("omega", "ω"),
          Map.entry("Omega", "Ω"),
          Map.entry("Theta", "Θ"),
          Map.entry("Delta", "Δ"),
          Map.entry("square", ""),
          Map.entry("checkmark", ""));

  private static final Pattern SHORT = Pattern.compile("[\\p{L}\\d.]{1,20}");
  private static final Pattern DIGITS = Pattern.compile("\\d{1,20}");

  /// A formula between dollars: no blank inside at its ends, no digit after it, as in `$40 and
  /// $50`.
  private static final Pattern IN_DOLLARS =
      Pattern.compile("\\$\\$?+([^\\s$](?:[^$]*[^\\s$])?)\\$\\$?+(?!\\d)");

  private final String source;
  private final int depth;
  private final StringBuilder plain = new StringBuilder();
  private int at;

  private Latex(String source, int depth) {
    this.source = source;
    this.depth = depth;
  }

  static String plain(String text) {
    if (text.indexOf('\\') < 0
        && text.indexOf('$') < 0
        && text.indexOf('{') < 0
        && text.indexOf('_') < 0) {
      return text;
    }
    boolean formula = text.indexOf('\\') >= 0;
    boolean escapedBraces = text.contains("\\{") || text.contains("\\lbrace");
    String translated = translate(text.replace("{,}", ","), 0);
    if (escapedBraces) {
      translated = translated.replace("{", "").replace("}", "");
    }
    String withoutDollars = IN_DOLLARS.matcher(translated).replaceAll(" $1 ");
    if (formula) {
      withoutDollars = withoutDollars.replace("~", " ");
    }
    return withoutDollars.replace(DOLLAR, "$").replace(SET_OPEN, "{").replace(SET_CLOSE, "}");
  }

  private static String translate(String text, int depth) {
    if (depth > DEEPEST) {
      return text;
    }
    var latex = new Latex(text, depth);
    latex.run();
    return latex.plain.toString();
  }

  private void run() {
    while (at < source.length()) {
      char c = source.charAt(at++);
      switch (c) {
        case '\\' -> command();
        case '^' -> raised();
        case '_' -> lowered();
        case '&' -> plain.append('&');
        default -> plain.append(c);
      }
    }
  }

  private void command() {
    if (at >= source.length()) {
      return;
    }
    char first = source.charAt(at);
    if (!isLetter(first)) {
      at++;
      switch (first) {
        case '{' -> plain.append(SET_OPEN);
        case '}' -> plain.append(SET_CLOSE);
        case '$' -> plain.append(DOLLAR);
        case '%', '#', '&', '_' -> plain.append(first);
        case '|' -> plain.append('|');
        case '!' -> {}
        case '\\' -> plain.append("; ");
        // The signs that open and close a formula, and the spaces of LaTeX.
        default -> plain.append(' ');
      }
      return;
    }
    int start = at;
    while (at < source.length() && isLetter(source.charAt(at))) {
      at++;
    }
    named(source.substring(start, at));
  }

  private void named(String name) {
    switch (name) {
      case "frac", "dfrac", "tfrac", "cfrac" -> fraction(argument(), argument());
      case "sqrt" -> root();
      case "binom", "dbinom", "tbinom" ->
          plain.append("binom(").append(argument()).append(";").append(argument()).append(")");
      case "overline", "bar", "dot" -> overline();
      case "pmod" -> plain.append(" (mod ").append(argument()).append(")");
      case "begin" -> environment();
      case "end" -> argument();
      case "hspace", "vspace", "phantom", "tag", "label", "color" -> argument();
      case "not" -> plain.append("\uE003");
      default -> {
        if (WRAPPERS.contains(name)) {
          wrapped();
        } else if (SIGNS.containsKey(name)) {
          sign(SIGNS.get(name));
        } else if (NOTHING.contains(name)) {
          if (at < source.length() && source.charAt(at) == '.') {
            at++;
          }
        } else {
          plain.append(name);
          if (at < source.length() && isLetter(source.charAt(at))) {
            plain.append(' ');
          }
        }
      }
    }
  }

  /// A command for signs: the blank that ends its name is none of the text.
  private void sign(String sign) {
    if (!plain.isEmpty() && plain.charAt(plain.length() - 1) == '\uE003') {
      plain.setLength(plain.length() - 1);
      sign = sign.equals("∈") ? "∉" : "≠";
    }
    plain.append(sign);
  }

  private void wrapped() {
    String inside = argument();
    boolean glued =
        !plain.isEmpty()
            && Character.isDigit(plain.charAt(plain.length() - 1))
            && !inside.isEmpty()
            && isLetter(inside.charAt(0));
    plain.append(glued ? " " : "").append(inside);
  }

  private void fraction(String top, String bottom) {
    int last = plain.length() - 1;
    while (last >= 0 && plain.charAt(last) == ' ') {
      last--;
    }
    boolean whole = DIGITS.matcher(top).matches() && DIGITS.matcher(bottom).matches();
    if (whole && last >= 0 && Character.isDigit(plain.charAt(last))) {
      plain.append(' ').append(top).append('/').append(bottom);
    } else if (SHORT.matcher(top).matches() && SHORT.matcher(bottom).matches()) {
      plain.append('(').append(top).append('/').append(bottom).append(')');
    } else {
      plain.append("((").append(top).append(")/(").append(bottom).append("))");
    }
  }

  private void root() {
    String degree = "";
    if (at < source.length() && source.charAt(at) == '[') {
      int close = source.indexOf(']', at);
      if (close > 0) {
        degree = source.substring(at + 1, close);
        at = close + 1;
      }
    }
    String radicand = argument();
    if (degree.isBlank()) {
      plain.append("sqrt(").append(radicand).append(')');
    } else {
      plain.append("root(").append(degree).append(';').append(radicand).append(')');
    }
  }

  /// `0.\overline{3}` repeats; over letters the line says nothing here.
  private void overline() {
    String inside = argument();
    boolean digits = DIGITS.matcher(inside).matches();
    plain.append(digits ? "(" + inside + ")" : inside);
  }

  private void raised() {
    String power = argument();
    if (power.equals("°") || power.equals(" ° ")) {
      plain.append('°');
    } else if (power.length() == 1) {
      plain.append('^').append(power);
    } else if (!power.isEmpty()) {
      plain.append("^(").append(power).append(')');
    } else {
      plain.append('^');
    }
  }

  /// `x_1` becomes the name `x1`; below a digit stands the base of its system.
  private void lowered() {
    boolean braces = at < source.length() && source.charAt(at) == '{';
    char before = before(1);
    boolean index = at < source.length() && Character.isLetterOrDigit(source.charAt(at));
    boolean digit = index && Character.isDigit(source.charAt(at));
    boolean symbol = Character.isLetter(before) && (digit || !Character.isLetter(before(2)));
    if (!braces && !(index && symbol)) {
      plain.append('_');
      return;
    }
    boolean base = Character.isDigit(before) || before == ')';
    plain.append(base ? "_" : "").append(braces ? argument() : "");
  }

  private char before(int places) {
    return plain.length() < places ? ' ' : plain.charAt(plain.length() - places);
  }

  /// Matrices become lists of lists, other environments their content.
  private void environment() {
    String name = argument();
    int close = source.indexOf("\\end{" + name + "}", at);
    if (close < 0) {
      return;
    }
    String inside = source.substring(at, close);
    at = close + name.length() + 6;
    if (name.equals("array") && inside.startsWith("{")) {
      inside = inside.substring(inside.indexOf('}') + 1);
    }
    if (!name.contains("matrix") && !name.equals("array")) {
      plain.append(translate(inside.replace("&", "").replace("\\\\", ", "), depth + 1));
      return;
    }
    var rows = new java.util.StringJoiner(", ", "[", "]");
    for (String row : inside.split("\\\\\\\\", -1)) {
      if (!row.isBlank()) {
        String cells = translate(row, depth + 1).replace("&", ", ").strip();
        rows.add("[" + cells + "]");
      }
    }
    plain.append(rows);
  }

  /// What a command is applied to: a group, a command, or one character.
  private String argument() {
    while (at < source.length() && source.charAt(at) == ' ') {
      at++;
    }
    if (at >= source.length()) {
      return "";
    }
    char c = source.charAt(at);
    if (c == '{') {
      int end = closing(at);
      String inside = source.substring(at + 1, end);
      at = Math.min(source.length(), end + 1);
      return translate(inside, depth + 1).strip();
    }
    if (c == '(' || c == '-' && at + 1 < source.length()) {
      return "";
    }
    if (c != '\\') {
      at++;
      return String.valueOf(c);
    }
    int start = at;
    at++;
    while (at < source.length() && isLetter(source.charAt(at))) {
      at++;
    }
    while (at < source.length() && source.charAt(at) == '{') {
      at = Math.min(source.length(), closing(at) + 1);
    }
    return translate(source.substring(start, at), depth + 1).strip();
  }

  /// The place of the brace that closes this one, or the end.
  private int closing(int open) {
    int level = 0;
    for (int i = open; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        level++;
      } else if (c == '}' && --level == 0) {
        return i;
      }
    }
    return source.length();
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
