package dev.ponder.stage.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Whatever a model writes, a comparison ends soon and without an error.
class NotationLimitsTests {

  private static final Duration SOON = Duration.ofSeconds(2);

  /// Bytes of a small stack: what is deep shows here long before it does in a service.
  private static final long STACK = 256 * 1024;

  @ParameterizedTest
  @MethodSource("nastyTexts")
  void aNastyAnswerIsComparedSoonAndWithASmallStack(String kind, String text) throws Exception {
    var failure = new AtomicReference<Throwable>();
    var said = new ArrayList<Sameness>();
    Thread thread =
        new Thread(
            null,
            () -> {
              said.add(Notation.compare(text, text + " "));
              said.add(Notation.compare(text, text + "x"));
              said.add(Notation.compare(text, "13"));
              said.add(Notation.compare("Ada has 13 coins left.", text));
            },
            kind,
            STACK);
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();

    boolean ended = thread.join(SOON);

    assertThat(failure.get()).isNull();
    assertThat(ended).as("ended within " + SOON).isTrue();
    assertThat(said.getFirst()).isEqualTo(Sameness.SAME);
    assertThat(said.subList(1, 4)).doesNotContain(Sameness.SAME);
  }

  static Stream<Object[]> nastyTexts() {
    var texts = new ArrayList<Object[]>();
    List<String> pieces =
        List.of(
            "a",
            "7",
            "(",
            "[",
            "{",
            ")",
            "-",
            "- ",
            "+",
            "^",
            "9^",
            "√",
            "!",
            "1/",
            "1,",
            "1, ",
            "0.",
            ".",
            "1 234 ",
            "\\",
            "\\frac",
            "\\frac{",
            "\\sqrt[",
            "\\left(",
            "^{",
            "_{",
            "$",
            "$a$",
            "*",
            "**a",
            "`",
            "\"",
            "'",
            "x=",
            "x<",
            "=",
            " or ",
            "a or ",
            " and ",
            "1 and ",
            "A, ",
            "is ",
            "a is ",
            "one ",
            "one hundred ",
            "half a ",
            "½",
            "²",
            "₂",
            "十",
            "万",
            "km/h ",
            "m^2 ",
            "5 km ",
            "2 h 3 ",
            "£",
            "$5 ",
            "3:",
            "12/03/2024 ",
            "Answer: ",
            "So, ",
            "the answer is ",
            "\n- ",
            "\n1. ",
            "|",
            "∪",
            "[0,1) ∪ ",
            "±",
            "≈",
            "~",
            "%",
            "sin ",
            "log(",
            "(x+y)^9",
            "(x+y+z+a+b)^9",
            "9^9999+1/",
            "1/9^4999+",
            "a1",
            "0x",
            "1e9",
            "é",
            "\uD83D",
            "\uFDFA",
            "https://a.b/c?d=e&",
            "2x",
            "\\begin{matrix}",
            "\\begin{a}1\\end{a}",
            "3–",
            "not ",
            "A) ",
            "(B) ",
            "B) (",
            "Yes, ",
            "no ",
            ": ",
            "a: ",
            "a_",
            "_a",
            "1_000",
            "--",
            "<=",
            "->",
            "...",
            " .",
            "1...",
            "0.3(");
    for (String piece : pieces) {
      for (int length : new int[] {60, 450, 3_900, 100_000}) {
        texts.add(
            new Object[] {
              piece.strip() + " × " + length, piece.repeat(length / piece.length() + 1)
            });
      }
    }
    texts.add(new Object[] {"3,500 digits", "1234567890".repeat(350)});
    texts.add(new Object[] {"powers", "9^9^9^9^9"});
    texts.add(new Object[] {"a tower of factorials", "9!!!!!"});
    texts.add(new Object[] {"a large exponent", "1e99999"});
    texts.add(new Object[] {"a large root", "\\sqrt[999999999]{2}"});
    texts.add(new Object[] {"binomials", "\\binom{1500}{750}".repeat(25)});
    texts.add(new Object[] {"factorials", "1500!*".repeat(60) + "1"});
    texts.add(new Object[] {"sums of broken powers", "1/9^4999+".repeat(50) + "1"});
    texts.add(new Object[] {"many variables", "(a+b+c+d+x+y+z)*".repeat(28) + "a"});
    return texts.stream();
  }

  @Test
  void longNumbersAreComparedDigitByDigit() {
    String digits = "1234567890".repeat(350);

    assertThat(Notation.compare(digits, digits + ".0")).isEqualTo(Sameness.SAME);
    assertThat(Notation.compare(digits, digits.substring(1) + "1")).isEqualTo(Sameness.DIFFERENT);
  }

  @Test
  void comparingIsSymmetricAndReflexive() {
    List<String> answers = answers();
    var random = random();

    for (String one : answers) {
      assertThat(Notation.compare(one, one)).as(one).isEqualTo(Sameness.SAME);
      for (int i = 0; i < 40; i++) {
        String other = answers.get(random.nextInt(answers.size()));
        assertThat(Notation.compare(one, other))
            .as("%s | %s", one, other)
            .isEqualTo(Notation.compare(other, one));
      }
    }
  }

  @Test
  void randomTextNeverThrows() {
    List<String> answers = answers();
    var random = random();

    for (int i = 0; i < 30_000; i++) {
      String one = mixed(answers, random);
      String other = random.nextBoolean() ? mixed(answers, random) : one + " ";
      assertThat(Notation.compare(one, other))
          .as("%s | %s", one, other)
          .isEqualTo(Notation.compare(other, one));
    }
  }

  private static Random random() {
    long seed = System.nanoTime();
    System.out.println("NotationLimitsTests: seed " + seed);
    return new Random(seed);
  }

  /// Pieces of answers, with characters changed.
  private static String mixed(List<String> answers, Random random) {
    String one = answers.get(random.nextInt(answers.size()));
    String other = answers.get(random.nextInt(answers.size()));
    var text =
        new StringBuilder(one.substring(0, random.nextInt(one.length() + 1)))
            .append(other.substring(random.nextInt(other.length() + 1)));
    String signs = "0123456789.,;:()[]{}+-*/^=<>%$\\ \"'_abx√π≤≈°½²\n";
    for (int i = random.nextInt(4); i > 0; i--) {
      text.insert(random.nextInt(text.length() + 1), signs.charAt(random.nextInt(signs.length())));
    }
    return text.toString();
  }

  private static List<String> answers() {
    return Stream.concat(
            NotationTests.lines("/answers/pairs.jsonl").stream(),
            NotationTests.lines("/answers/own-pairs.jsonl").stream())
        .flatMap(NotationLimitsTests::both)
        .distinct()
        .toList();
  }

  private static Stream<String> both(JsonNode pair) {
    return Stream.of(pair.get("one").asString(), pair.get("other").asString());
  }
}
