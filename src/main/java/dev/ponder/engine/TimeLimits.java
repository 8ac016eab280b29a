package dev.ponder.engine;

import dev.ponder.budget.Deadline;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Ends what runs beyond its deadline. There is one entry for each running stream, so the number of
/// sequences is its limit.
final class TimeLimits implements AutoCloseable {

  private final InstantSource now;
  private final ScheduledThreadPoolExecutor clock;

  TimeLimits(String model, InstantSource now) {
    this.now = now;
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("time-limit-" + model).factory());
    // A stream usually ends long before its deadline and would be held until then otherwise.
    clock.setRemoveOnCancelPolicy(true);
  }

  /// Runs the ending at the deadline, on a thread of its own because it may take its time.
  Future<?> at(Deadline deadline, Runnable ending) {
    try {
      return clock.schedule(
          () -> Thread.ofVirtual().name("time-is-up").start(ending),
          deadline.remaining(now).toNanos(),
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The engine is being closed, which ends the stream as well.
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
