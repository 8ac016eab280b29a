package dev.ponder.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The absolute instant by which a job has its answer. It never moves: not by a restart, not by a
/// pause.
public record Deadline(Instant at) {

  public static Deadline in(Duration time, InstantSource now) {
    return new Deadline(now.instant().plus(time));
  }

  /// What is left, never negative.
  public Duration remaining(InstantSource now) {
    Duration left = Duration.between(now.instant(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  public boolean passed(InstantSource now) {
    return !now.instant().isBefore(at);
  }

  /// The same deadline with `reserve` kept free before it.
  public Deadline before(Duration reserve) {
    return new Deadline(at.minus(reserve));
  }
}
