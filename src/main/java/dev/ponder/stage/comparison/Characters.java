package dev.ponder.stage.comparison;

import java.text.Normalizer;
import java.util.Map;

/// One way of writing for characters that look or mean the same: dashes, quotes, blanks, full-width
/// forms, raised and lowered digits, vulgar fractions, mathematical signs.
final class Characters {

  private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱˣ";
  private static final String RAISED_PLAIN = "0123456789+-=()nix";
  private static final String LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₖₙₘᵢⱼ";
  private static final String LOWERED_PLAIN = "0123456789+-=()aeoxknmij";

  /// Marks a range between two numbers: `3–5`. A hyphen there could be a minus.
  static final char RANGE = '–';

  private static final Map<Character, String> SIGNS =
      Map.ofEntries(
          same("−‐‑‒﹣－", "-"),
          same("—―", " - "),
          same("“”„‟«»″❝❞＂「」『』", "\""),
          same("‘’‚‛`´′＇", "'"),
          same("×✕✖⋅·∙∗⨯", "*"),
          same("÷⁄∕", "/"),
          same("∶", ":"),
          same("⩽≦⪇", "≤"),
          same("⩾≧⪈", "≥"),
          same("≅≃∼≒≐", "≈"),
          same("→⟶⇒➔➜⟹", " → "),
          same("⟨〈", "⟨"),
          same("⟩〉", "⟩"),
          same("µ", "μ"),
          same("Ω", "Ω"),
          same("ø⌀", "∅"),
          same("∛", "cbrt"),
          same("º˚", "°"),
          same("…⋯", "..."),
          same("、，", ", "),
          same("；", "; "),
          same("。", ". "),
          same("：", ": "));

  private static final Map<Character, String> BY_CHARACTER = byCharacter();

  private Characters() {}

  private static Map.Entry<Character, String> same(String variants, String plain) {
    return Map.entry(variants.charAt(0), variants + "\n" + plain);
  }

  private static Map<Character, String> byCharacter() {
    var all = new java.util.HashMap<Character, String>();
    for (String entry : SIGNS.values()) {
      String variants = entry.substring(0, entry.indexOf('\n'));
      String plain = entry.substring(entry.indexOf('\n') + 1);
      variants.chars().forEach(c -> all.put((char) c, plain));
    }
    return all;
  }

  static String plain(String text) {
    var plain = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (RAISED.indexOf(c) >= 0) {
        next = shifted(text, i, RAISED, RAISED_PLAIN, "^", plain);
      } else if (LOWERED.indexOf(c) >= 0) {
        next = shifted(text, i, LOWERED, LOWERED_PLAIN, "_", plain);
      } else if (c == RANGE) {
        plain.append(betweenDigits(text, i) ? String.valueOf(RANGE) : "-");
      } else if (isVulgar(c)) {
        vulgar(c, plain);
      } else if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 || c == 0x0b || c == 0x0c) {
        plain.append('\n');
      } else if (Character.isSpaceChar(c) || Character.isWhitespace(c)) {
        plain.append(' ');
      } else if ((c == '，' || c == '：') && betweenDigits(text, i)) {
        plain.append(c == '，' ? ',' : ':');
      } else if (!isInvisible(c)) {
        String sign = c < 0x10000 ? BY_CHARACTER.get((char) c) : null;
        plain.append(sign != null ? sign : Character.toString(c));
      }
      i = next;
    }
    return Normalizer.normalize(plain, Normalizer.Form.NFKC);
  }

  /// A run of raised or lowered characters: `10⁻³` becomes `10^(-3)`, `H₂O` becomes `H2O`.
  private static int shifted(
      String text, int start, String from, String to, String mark, StringBuilder plain) {
    var run = new StringBuilder();
    int i = start;
    while (i < text.length() && from.indexOf(text.charAt(i)) >= 0) {
      run.append(to.charAt(from.indexOf(text.charAt(i))));
      i++;
    }
    if (mark.equals("_")) {
      boolean base = !plain.isEmpty() && isDigitOrBracket(plain.charAt(plain.length() - 1));
      plain.append(base ? "_" : "").append(run);
    } else {
      plain.append(run.length() == 1 ? "^" + run : "^(" + run + ")");
    }
    return i;
  }

  private static boolean isDigitOrBracket(char c) {
    return Character.isDigit(c) || c == ')';
  }

  private static boolean betweenDigits(String text, int at) {
    int before = at - 1;
    while (before >= 0 && Character.isSpaceChar(text.charAt(before))) {
      before--;
    }
    int after = at + 1;
    while (after < text.length() && Character.isSpaceChar(text.charAt(after))) {
      after++;
    }
    boolean spaced = before < at - 1;
    return !spaced
        && before >= 0
        && after < text.length()
        && Character.isDigit(text.charAt(before))
        && Character.isDigit(text.charAt(after));
  }

  private static boolean isVulgar(int c) {
    return c == 0xbc || c == 0xbd || c == 0xbe || c >= 0x2150 && c <= 0x215e || c == 0x2189;
  }

  /// `1½` is a mixed number, `½` alone a fraction.
  private static void vulgar(int c, StringBuilder plain) {
    boolean mixed = !plain.isEmpty() && Character.isDigit(plain.charAt(plain.length() - 1));
    String parts = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC);
    String fraction = parts.replace('⁄', '/');
    boolean afterBlank =
        plain.length() > 1
            && plain.charAt(plain.length() - 1) == ' '
            && Character.isDigit(plain.charAt(plain.length() - 2));
    plain.append(mixed ? " " + fraction : afterBlank ? fraction : "(" + fraction + ")");
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.CONTROL
        || type == Character.SURROGATE
        || c >= 0xfe00 && c <= 0xfe0f;
  }
}
