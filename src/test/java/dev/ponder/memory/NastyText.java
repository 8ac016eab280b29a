package dev.ponder.memory;

import java.util.function.IntFunction;

/// Texts that models write when they go astray, or that users have them write, each as long as one
/// likes. They find whatever takes the square of a text's length, or a frame of the stack for each
/// of its characters.
public enum NastyText {
  PROSE(
      i -> "Then step " + i + " moves the red box to shelf " + i * 7 % 31 + " and counts again.\n"),
  NUMBERS(
      i ->
          "Row %d: %d + %d * 7 - 8.90 gives %d, which is at least 5 and not 6.\n"
              .formatted(i, i + 123, i * 3 + 456, 1_234_567 + i)),
  ONE_NUMBER(i -> "3141592653"),
  ONE_WORD(i -> "abcdefghij"),
  ONE_CAPITAL(i -> "ABCDEFGHIJ"),
  NEGATIONS(i -> "no cat "),
  OBLIGATIONS(i -> "must not "),
  ONLY_MARKERS(i -> "no not never "),
  DENIED_WORDS(i -> "wouldnt isn't cant"),
  MARKED_SENTENCES(i -> "No cat%d may see dog%d. ".formatted(i % 997, i % 991)),
  OPEN_BRACKETS(i -> "((((([[[[["),
  BRACKETS(i -> "(" + i + "[{x} + <"),
  REMARKS(i -> "(see (below "),
  SUMS_IN_BRACKETS(i -> "(1 + "),
  QUOTES(i -> "\"'“‘"),
  BACK_QUOTES(i -> "`a `b"),
  ONLY_BACK_QUOTES(i -> "``````````"),
  BASE64(i -> "QWxhZGRpbjpvcGVuIHNlc2FtZQ"),
  BASE64_SIGNS(i -> "+/9j4AAQSk/+8Zz/A="),
  DNA(i -> "ACGTTGCAAC"),
  BITS(i -> "01101001"),
  HEX(i -> "0xdeadbeef1f"),
  NO_SENTENCE_END(i -> "and then the cat sees " + i + " dogs, but it must not run "),
  NO_BLANK(i -> "Line" + i + "\n"),
  LINE_ENDS(i -> "\n"),
  BLANKS(i -> "          "),
  BLANK_LINES(i -> "      \n"),
  DASHES(i -> "----------"),
  STARS(i -> "* * ** "),
  STOPS(i -> "......."),
  STOPS_AND_BLANKS(i -> ". . ! ? ; "),
  COLONS(i -> "a: b: "),
  LABELS(i -> "   Answer:   "),
  ANSWER_LINES(i -> "Answer: " + i + "\n"),
  ANSWER_STARS(i -> i == 0 ? "Answer: " : "* _ *"),
  COMBINING_MARKS(i -> i == 0 ? "a" : "\u0301"),
  MIXED_MARKS(i -> i == 0 ? "a" : "\u0301\u0323"),
  MARKED_LETTERS(i -> "a\u0301\u0323e\u0308"),
  EMOJI(i -> "\ud83d\ude00"),
  FAMILIES(i -> "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67"),
  LETTERS_BEYOND(i -> "\ud835\udc00\ud835\udc01"),
  HALVES(i -> "\udc00\ud83d"),
  CHINESE(i -> "第" + i + "步：我们再检查一次，没有发现问题。"),
  COMMAS(i -> i + ","),
  ONLY_COMMAS(i -> ",,,,,"),
  THOUSANDS(i -> i == 0 ? "1" : ",000"),
  BROKEN_THOUSANDS(i -> i == 0 ? "1" : i % 5000 == 0 ? ",00" : ",000"),
  SUMS(i -> i == 0 ? "1" : "+1"),
  SUM_WITH_RESULTS(i -> "1+1="),
  RESULTS(i -> "=1+1+1+1+1+1+1+1+1+1"),
  EQUATIONS(i -> i + " + 1 = " + (i + 2) + "\n"),
  FRACTIONS(i -> i == 0 ? "1" : "/" + (i + 1)),
  SUMS_OF_FRACTIONS(i -> "1/%d + 1/%d = 5/6, ".formatted(i % 89 + 7, i % 97 + 11)),
  PRODUCTS(i -> i == 0 ? "9999999999" : " * 9999999999"),
  LONG_RANGES(i -> "1234567890".repeat(50) + "-" + "1234567890".repeat(50) + " "),
  POWERS(i -> "2^2^²³"),
  SUPERSCRIPTS(i -> "²³"),
  EXPONENTS(i -> "1e999 "),
  MILLIONS(i -> i + " million billion "),
  NUMBER_WORDS(i -> "twenty-one two "),
  PERCENTS(i -> i + "% of "),
  VERSIONS(i -> i == 0 ? "1" : "." + i),
  VERSIONS_IN_A_PATH(i -> i + "./"),
  DATES(i -> "2024-05-06 12:30:15 "),
  CLOCKS(i -> "12:30:"),
  HYPHENS(i -> "a-b-"),
  NUMBERED_HYPHENS(i -> "a-1-"),
  ONLY_NUMBERS_AND_HYPHENS(i -> i + "-"),
  APOSTROPHES(i -> "a'b’"),
  APOSTROPHES_AND_BLANKS(i -> "'a 's "),
  UNDERSCORES(i -> "a_1_"),
  CODE(i -> "int x" + i + " = f(a[" + i + "]) ? b : c; // not yet\n"),
  CURRENCIES(i -> "$ -$5 "),
  BOUNDS(i -> "no more than at least "),
  UNITS(i -> i + " km/h "),
  LATEX(i -> "\\frac{" + i + "}{2} \\leq \\boxed{"),
  TAGS(i -> "<think></think>"),
  TABLE(i -> "| " + i + " | " + i * i + " | no |\n"),
  NUL(i -> "\u0000");

  private final IntFunction<String> part;

  NastyText(IntFunction<String> part) {
    this.part = part;
  }

  /// Exactly so many characters.
  public String of(int length) {
    var text = new StringBuilder(length + 1024);
    for (int i = 0; text.length() < length; i++) {
      text.append(part.apply(i));
    }
    text.setLength(length);
    return text.toString();
  }
}
