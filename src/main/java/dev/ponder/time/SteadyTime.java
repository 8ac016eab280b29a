package dev.ponder.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A clock that never goes back by more than a second: when the machine's clock is put back, time
/// goes on here as it did, so that no deadline of a running job moves away. The difference is given
/// up by a hundredth of the time that passes; a clock that is put forward is followed at once.
public final class SteadyTime implements InstantSource {

  /// What a clock may be put back without anybody minding.
  static final Duration SMALL = Duration.ofSeconds(1);

  private static final long GIVEN_UP = 100;

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Consumer<Duration> putBack;
  private Instant lastInstant;
  private long lastNanos;
  private Duration ahead = Duration.ZERO;

  /// @param nanos nanoseconds that pass whatever the clock says
  /// @param putBack is told by how much the clock was put back, each time
  public SteadyTime(InstantSource clock, LongSupplier nanos, Consumer<Duration> putBack) {
    this.clock = clock;
    this.nanos = nanos;
    this.putBack = putBack;
    this.lastNanos = nanos.getAsLong();
    this.lastInstant = clock.instant();
  }

  @Override
  public synchronized Instant instant() {
    long nowNanos = nanos.getAsLong();
    Instant now = clock.instant();
    Duration passed = Duration.ofNanos(nowNanos - lastNanos);
    Duration step = Duration.between(lastInstant.plus(passed), now);
    lastNanos = nowNanos;
    lastInstant = now;
    if (step.compareTo(SMALL.negated()) < 0) {
      ahead = ahead.minus(step);
      putBack.accept(step.negated());
    } else if (!ahead.isZero()) {
      Duration less =
          passed.dividedBy(GIVEN_UP).plus(step.compareTo(SMALL) > 0 ? step : Duration.ZERO);
      ahead = less.compareTo(ahead) < 0 ? ahead.minus(less) : Duration.ZERO;
    }
    return now.plus(ahead);
  }
}
