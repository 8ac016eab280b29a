package dev.ponder.time;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before something that failed is tried again: twice as long from try to try.
///
/// @param first wait, after the first failure
/// @param longest wait
/// @param variation the part of a wait by which it is varied, so that those who failed together do
///     not come back together; from 0 to below 1
public record Backoff(Duration first, Duration longest, double variation) {

  /// Doublings beyond this come to more than any longest wait.
  private static final int MOST_DOUBLINGS = 30;

  /// @param failures in a row, at least 1
  public Duration after(int failures) {
    double wait = first.toNanos() * Math.pow(2, Math.min(failures - 1, MOST_DOUBLINGS));
    double varied = wait * (1 + variation * ThreadLocalRandom.current().nextDouble(-1, 1));
    return Duration.ofNanos((long) Math.min(longest.toNanos(), varied));
  }
}
