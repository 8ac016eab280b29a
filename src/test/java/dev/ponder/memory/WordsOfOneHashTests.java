package dev.ponder.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.compression.check.FactCheck;
import dev.ponder.hostile.Cost;
import dev.ponder.hostile.SameHash;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A model, or the client whose words it repeats, can make a thought of words that all have one
/// hash. Reading it costs about what another thought of that length costs.
class WordsOfOneHashTests {

  private static final int WORDS = 2_000;

  private static final List<String> HOSTILE = SameHash.small(WORDS);
  private static final List<String> HARMLESS =
      IntStream.range(0, WORDS).mapToObj(WordsOfOneHashTests::ordinary).toList();

  /// As long as a hostile one.
  private static String ordinary(int number) {
    return Integer.toBinaryString(number + (1 << 28)).replace('0', 'k').replace('1', 'm');
  }

  @Test
  void aSentenceOfThem() {
    assertThat(ratio(words -> "That is not " + String.join(" ", words) + ".")).isLessThan(5);
  }

  @Test
  void aDenialOfEach() {
    assertThat(ratio(words -> each("not %s. ", words))).isLessThan(5);
  }

  @Test
  void aCountOfEach() {
    assertThat(ratio(words -> each("5 %s. ", words))).isLessThan(5);
  }

  private static double ratio(Function<List<String>, String> text) {
    String hostile = text.apply(HOSTILE);
    String harmless = text.apply(HARMLESS);
    return Cost.ratio(() -> read(hostile), () -> read(harmless));
  }

  private static String each(String form, List<String> words) {
    return words.stream().map(form::formatted).collect(Collectors.joining());
  }

  private static void read(String text) {
    var check = FactCheck.finished("", text);
    check.check(text);
  }
}
