package dev.ponder.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyTimeTests {

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  private Instant clock = NOON;
  private long nanos;
  private final List<Duration> told = new ArrayList<>();
  private final SteadyTime time = new SteadyTime(() -> clock, () -> nanos, told::add);

  @Test
  void aClockThatRunsIsFollowed() {
    passes(Duration.ofMinutes(30));

    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(1800));
    assertThat(told).isEmpty();
  }

  @Test
  void aClockThatIsPutBackByAnHourMovesNoDeadline() {
    passes(Duration.ofMinutes(10));
    time.instant();
    clock = clock.minus(Duration.ofHours(1));
    passes(Duration.ofSeconds(1));
    Instant after = time.instant();
    passes(Duration.ofMinutes(20));

    assertThat(told).containsExactly(Duration.ofHours(1));
    assertThat(after).isEqualTo(NOON.plusSeconds(601));
    assertThat(time.instant()).isBetween(NOON.plusSeconds(1801 - 12), NOON.plusSeconds(1801));
  }

  @Test
  void theDifferenceIsGivenUpInTheEnd() {
    clock = clock.minusSeconds(60);
    time.instant();

    passes(Duration.ofSeconds(6001));

    time.instant();
    assertThat(time.instant()).isEqualTo(clock);
  }

  @Test
  void aClockThatIsPutForwardIsFollowed() {
    clock = clock.plus(Duration.ofHours(1));

    assertThat(time.instant()).isEqualTo(NOON.plus(Duration.ofHours(1)));
  }

  @Test
  void aClockThatIsPutBackAndRightAgainIsAheadOfNothing() {
    clock = clock.minus(Duration.ofHours(1));
    time.instant();
    clock = clock.plus(Duration.ofHours(1));

    assertThat(time.instant()).isEqualTo(NOON);
  }

  private void passes(Duration some) {
    clock = clock.plus(some);
    nanos += some.toNanos();
  }
}
