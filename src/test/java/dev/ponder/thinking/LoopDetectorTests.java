package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
            .collect(Collectors.joining());

    assertThat(detector.loops(text)).isFalse();
  }

  @Test
  void letsARuleOfDashesPass() {
    assertThat(detector.loops("A table follows.\n" + "-".repeat(600))).isFalse();
  }

  @Test
  void looksAgainOnlyAfterAStride() {
    String text = "Wait, that is not right either. ".repeat(8);
    detector.loops(text);

    assertThat(detector.loops(text + "more")).isFalse();
  }
}
