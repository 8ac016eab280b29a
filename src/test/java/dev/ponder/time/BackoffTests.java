package dev.ponder.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTests {

  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  @Test
  void aWaitDoublesUpToTheLongest() {
    var backoff = new Backoff(FIRST, LONGEST, 0);

    assertThat(IntStream.rangeClosed(1, 6).mapToObj(backoff::after).map(Duration::toMillis))
        .containsExactly(200L, 400L, 800L, 1600L, 2000L, 2000L);
    assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(LONGEST);
  }

  @Test
  void thoseWhoFailedTogetherDoNotComeBackTogether() {
    var backoff = new Backoff(FIRST, LONGEST, 0.5);

    var waits = IntStream.range(0, 100).mapToObj(i -> backoff.after(2)).distinct().toList();

    assertThat(waits)
        .hasSizeGreaterThan(50)
        .allSatisfy(
            wait -> assertThat(wait).isBetween(Duration.ofMillis(200), Duration.ofMillis(600)));
  }
}
