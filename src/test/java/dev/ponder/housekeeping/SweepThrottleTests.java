package dev.ponder.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.EngineException;
import dev.ponder.simulation.VirtualThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// How the sweep shares models with jobs, in virtual time.
class SweepThrottleTests {

  private static final Duration LONG = Duration.ofHours(1);

  private final VirtualThreads threads = new VirtualThreads();
  private final AtomicBoolean jobs = new AtomicBoolean(true);
  private final AtomicBoolean stopped = new AtomicBoolean();

  private SweepThrottle courtesy(double share) {
    return new SweepThrottle(share, threads, model -> jobs.get(), stopped::get);
  }

  @Test
  void whileJobsRunTheSweepHasAModelForItsShareOfTheTimeAtMost() {
    var courtesy = courtesy(0.1);
    long begun = threads.nanos();
    Duration busy = Duration.ZERO;
    for (int millis : new int[] {500, 20, 3000, 7, 900}) {
      courtesy.await("mini", 6, LONG);
      threads.pass(Duration.ofMillis(millis));
      courtesy.worked(Duration.ofMillis(millis));
      busy = busy.plusMillis(millis);
    }
    courtesy.await("mini", 6, LONG);

    double all = threads.nanos() - begun;
    assertThat(busy.toNanos() / all).isLessThanOrEqualTo(0.1).isGreaterThan(0.09);
  }

  @Test
  void withoutJobsItDoesNotRest() {
    var courtesy = courtesy(0.1);
    jobs.set(false);
    long begun = threads.nanos();
    for (int i = 0; i < 5; i++) {
      courtesy.await("mini", 1, LONG);
      threads.pass(Duration.ofSeconds(1));
      courtesy.worked(Duration.ofSeconds(1));
    }

    assertThat(Duration.ofNanos(threads.nanos() - begun)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aRestEndsWithTheLastJob() {
    var courtesy = courtesy(0.1);
    courtesy.await("mini", 6, LONG);
    threads.pass(Duration.ofSeconds(100));
    courtesy.worked(Duration.ofSeconds(100));
    threads.at(Duration.ofSeconds(103), () -> jobs.set(false));

    courtesy.await("mini", 6, LONG);

    assertThat(Duration.ofNanos(threads.nanos()))
        .isBetween(Duration.ofSeconds(103), Duration.ofSeconds(104));
  }

  @Test
  void aModelWithOneSequenceIsLeftToTheJobsAtOnce() {
    var courtesy = courtesy(0.1);
    jobs.set(false);
    courtesy.await("mini", 1, LONG);
    threads.pass(Duration.ofSeconds(1));
    jobs.set(true);

    assertThatThrownBy(() -> courtesy.goOn("mini", 1))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("mini");
    assertThatThrownBy(() -> courtesy.await("mini", 1, LONG))
        .isInstanceOf(EngineException.Unavailable.class);
  }

  @Test
  void withAShareOfNothingItWaitsForAQuietTime() {
    var courtesy = courtesy(0);

    assertThatThrownBy(() -> courtesy.await("mini", 6, LONG))
        .isInstanceOf(EngineException.Unavailable.class);
    jobs.set(false);
    threads.pass(Duration.ofSeconds(1));
    courtesy.await("mini", 6, LONG);
  }

  @Test
  void aRestIsNoLongerThanTheCallerCanWait() {
    var courtesy = courtesy(0.01);
    courtesy.worked(Duration.ofMinutes(1));

    assertThatThrownBy(() -> courtesy.await("mini", 6, Duration.ofSeconds(10)))
        .isInstanceOf(EngineException.Unavailable.class);
    assertThat(Duration.ofNanos(threads.nanos())).isLessThan(Duration.ofSeconds(11));
  }

  @Test
  void itEndsWithTheService() {
    var courtesy = courtesy(0.1);
    jobs.set(false);
    stopped.set(true);

    assertThatThrownBy(() -> courtesy.await("mini", 6, LONG))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("stops");
    assertThatThrownBy(() -> courtesy.goOn("mini", 6))
        .isInstanceOf(EngineException.Unavailable.class);
  }
}
