package dev.ponder.thinking.thought;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ponder.thinking.LongThought;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopDetectorTests {

  private final LoopDetector detector = new LoopDetector(6);

  @Test
  void noticesAPassageThatRepeatsItself() {
    String text = "Let me think about it. " + "Wait, that is not right either. ".repeat(8);

    assertThat(detector.loops(text)).isTrue();
  }

  @Test
  void letsAChainOfSimilarStepsPass() {
    String text =
        IntStream.range(0, 200)
            .mapToObj(i -> "Step %d: add %d. ".formatted(i, i * 7))
            .collect(joining());

    assertThat(detector.loops(text)).isFalse();
  }

  @Test
  void letsARuleOfDashesPass() {
    assertThat(detector.loops("A table follows.\n" + "-".repeat(600))).isFalse();
  }

  @Test
  void looksAgainOnlyAfterAStride() {
    String loop = "Wait, that is not right either. ".repeat(20);

    assertThat(detector.loops(loop.substring(0, 320))).isTrue();
    assertThat(detector.loops(loop.substring(0, 320 + 199))).isFalse();
    assertThat(detector.loops(loop.substring(0, 320 + 200))).isTrue();
  }

  @Test
  void letsTheDigitsOfAFractionPassUntilThereAreFarTooMany() {
    assertThat(new LoopDetector(6).loops("One third is 0." + "3".repeat(900))).isFalse();
    assertThat(new LoopDetector(6).loops("One third is 0." + "3".repeat(3000))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 120, 400, 1500, 4000})
  void noticesLongPassages(int words) {
    String passage = prose(1, words);

    assertThat(noticedAfter(i -> passage + "\n\n", 12)).isBetween(6, 9);
  }

  @Test
  void noticesAPassageWithACounter() {
    String passage = prose(1, 60);

    assertThat(noticedAfter(i -> "Step %d: %s\n".formatted(i, passage), 40)).isBetween(6, 14);
  }

  @Test
  void noticesALongPassageInWhichFewWordsChange() {
    String[] words = prose(1, 300).split(" ");
    var random = new Random(3);

    int noticed =
        noticedAfter(
            i -> {
              String[] changed = words.clone();
              for (int n = 0; n < 4; n++) {
                changed[random.nextInt(changed.length)] = "other" + random.nextInt(1000);
              }
              return String.join(" ", changed) + "\n";
            },
            30);

    assertThat(noticed).isBetween(6, 14);
  }

  @Test
  void noticesPassagesThatTakeTurnsWithoutAnOrder() {
    List<String> passages = IntStream.range(0, 4).mapToObj(n -> prose(n, 70)).toList();
    List<String> openings = List.of("Wait,", "Hmm,", "Actually,", "Let me see:");
    var random = new Random(5);

    int noticed =
        noticedAfter(
            i -> openings.get(random.nextInt(4)) + " " + passages.get(random.nextInt(4)) + "\n",
            80);

    assertThat(noticed).isBetween(12, 60);
  }

  @Test
  void noticesARepeatedPassageInChinese() {
    String passage = "我们再来检查一次这个问题，看看有没有什么地方算错了，先把条件写下来，然后一步一步地推导，最后验证答案是否满足所有的要求。";

    assertThat(noticedAfter(i -> "第" + i + "步：" + passage.repeat(2), 60)).isPositive();
  }

  @ParameterizedTest
  @MethodSource("reasonableTexts")
  void letsReasonableTextsPass(String what, String text) {
    assertThat(noticedAfter(i -> text.substring(i * 100, i * 100 + 100), text.length() / 100))
        .as(what)
        .isNegative();
  }

  static List<Arguments> reasonableTexts() {
    return List.of(
        arguments("multiplication rows", rows(600, i -> row(i / 25, i % 25))),
        arguments(
            "cases with a sentence of their own",
            rows(
                300,
                i ->
                    "Case %d: if the first number is %d, then the second one is %d, and their sum does not satisfy the condition of the problem, so this case is impossible.\n"
                        .formatted(i, i, 3 * i + 7))),
        arguments(
            "tries that differ in one number",
            rows(
                400,
                i ->
                    "Try n = %d: the remainder is not zero, so it does not work and we go on with the next one.\n"
                        .formatted(i))),
        arguments(
            "a table of primes",
            rows(
                500,
                i ->
                    "| %d | %s | %d |\n"
                        .formatted(
                            i, i % 2 == 0 ? "not a prime number" : "a candidate", i * i % 97))),
        arguments("a truth table", rows(1024, LoopDetectorTests::truth)),
        arguments("a truth table in letters", rows(1024, i -> truth(i).replaceAll("[a-z]", ""))),
        arguments("colourings", rows(729, LoopDetectorTests::colouring)),
        arguments("orders of five people", orders()),
        arguments(
            "a matrix of zeros and ones",
            rows(
                80,
                i ->
                    IntStream.range(0, 40)
                            .mapToObj(j -> j == i % 40 ? "1 " : "0 ")
                            .collect(joining())
                        + "\n")),
        arguments(
            "a table of a dynamic program",
            rows(
                700,
                i ->
                    "dp[%d][%d] = max(dp[%d][%d], dp[%d][%d] + v[%d]) = %d\n"
                        .formatted(
                            i / 20,
                            i % 20,
                            i / 20 - 1,
                            i % 20,
                            i / 20 - 1,
                            i % 20 - 3,
                            i / 20,
                            i * 7 % 83))),
        arguments("a program that is written down three times", code().repeat(3)),
        arguments("a program's lines that are alike", rows(300, i -> assertion(i))),
        arguments(
            "elements of a drawing",
            rows(
                300,
                i ->
                    "<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"red\" stroke=\"black\" stroke-width=\"2\" opacity=\"0.5\" class=\"node\" />\n"
                        .formatted(i * 37 % 640, i * 53 % 480))),
        arguments("signs between the same numbers", rows(800, LoopDetectorTests::signs)),
        arguments(
            "a song with a refrain",
            rows(14, i -> prose(100 + i, 90) + "\n\n" + prose(7, 60) + "\n\n")),
        arguments("a long thought", new LongThought(1350, 30).text()));
  }

  private static String rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count).mapToObj(row).collect(joining());
  }

  private static String row(int i, int j) {
    return "%d * %d = %d, and %d + %d = %d.\n".formatted(i, j, i * j, i, j, i + j);
  }

  private static String truth(int i) {
    String row =
        IntStream.range(0, 10)
            .mapToObj(bit -> (i >> (9 - bit) & 1) == 1 ? "True" : "False")
            .collect(joining(" | "));
    return "| " + row + " | " + (Integer.bitCount(i) % 2 == 0 ? "True" : "False") + " |\n";
  }

  private static String colouring(int i) {
    List<String> colours = List.of("red", "green", "blue");
    List<String> names = List.of("Anna", "Ben", "Clara", "Dora", "Emil", "Fritz");
    var row = new StringBuilder();
    int rest = i;
    for (int n = 5; n >= 0; n--) {
      row.insert(0, names.get(n) + " = " + colours.get(rest % 3) + (n == 5 ? ".\n" : ", "));
      rest /= 3;
    }
    return row.toString();
  }

  private static String orders() {
    var all = new StringBuilder();
    order(new ArrayList<>(), List.of("Anna", "Ben", "Clara", "Dora", "Emil", "Fritz"), all);
    return all.toString();
  }

  private static void order(List<String> seated, List<String> left, StringBuilder all) {
    if (left.isEmpty()) {
      all.append(String.join(", ", seated)).append(": Anna sits beside Ben? No.\n");
    }
    for (String next : left) {
      var more = new ArrayList<>(seated);
      more.add(next);
      order(more, left.stream().filter(each -> !each.equals(next)).toList(), all);
    }
  }

  private static String signs(int i) {
    String signs = "+-*/";
    return "3 %c 8 %c 5 %c 7 %c 2 = %d\n"
        .formatted(
            signs.charAt(i / 64 % 4),
            signs.charAt(i / 16 % 4),
            signs.charAt(i / 4 % 4),
            signs.charAt(i % 4),
            i * 31 % 47);
  }

  private static String assertion(int i) {
    return "assert solve(\"%s\") == %d, \"test %d failed\"\n"
        .formatted(Integer.toString(i * 7919, 36), i * i % 101, i);
  }

  private static String code() {
    return rows(
        90,
        i ->
            "    for (int i%d = 0; i%d < n; i%d++) { sum += table[i%d] * weight%d; if (sum > limit) return false; }\n"
                .formatted(i, i, i, i, i * 3 % 17));
  }

  /// Words that come as a person's would: some often, most seldom.
  private static String prose(long seed, int words) {
    var random = new Random(seed);
    return IntStream.range(0, words)
        .mapToObj(i -> WORDS[(int) (WORDS.length * Math.pow(random.nextDouble(), 2))])
        .collect(joining(" "));
  }

  private static final String[] WORDS =
      ("the of and to we is that in it this so for not but if then number one can have with as be are"
              + " from or which all has when there only both must two first second case value answer"
              + " equation left right side sum check again problem condition given even odd prime"
              + " divide remainder possible impossible because therefore hence however suppose let"
              + " consider another way try find solve line circle point distance angle triangle area")
          .split(" ");

  /// After how many parts it says that they loop, each of which comes as tokens do; -1 if it never
  /// does.
  private static int noticedAfter(IntFunction<String> part, int parts) {
    var detector = new LoopDetector(6);
    var text = new StringBuilder("Let me think about it step by step.\n");
    for (int i = 0; i < parts; i++) {
      String next = part.apply(i);
      for (int from = 0; from < next.length(); from += 5) {
        text.append(next, from, Math.min(next.length(), from + 5));
        if (detector.loops(text)) {
          return i + 1;
        }
      }
    }
    return -1;
  }
}
