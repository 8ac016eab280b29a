package dev.ponder.engine.resilience;

import dev.ponder.engine.EngineException.Unavailable;
import dev.ponder.engine.Sequences;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The tries of one request.
final class Attempts {

  private final String model;
  private final ResilienceSettings.Retry settings;
  private final @Nullable Deadline deadline;
  private final InstantSource now;
  private final CountDownLatch closing;
  private final Instant began;
  private int failed;

  /// @param closing is zero once the engine is closed
  Attempts(
      String model,
      ResilienceSettings.Retry settings,
      @Nullable Deadline deadline,
      InstantSource now,
      CountDownLatch closing) {
    this.model = model;
    this.settings = settings;
    this.deadline = deadline;
    this.now = now;
    this.closing = closing;
    this.began = now.instant();
  }

  /// Ends, because the attempts are used up one day.
  <T> T until(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (Unavailable e) {
        failed++;
        boolean closed = closing.getCount() == 0;
        if (closed || Thread.currentThread().isInterrupted()) {
          throw closed ? e : Sequences.interrupted(model, e);
        }
        Duration asked = e.retryAfter();
        if (asked != null && asked.compareTo(settings.longestWait()) > 0) {
          throw exhausted(e, "It asks for %s.".formatted(seconds(asked)));
        }
        if (failed >= settings.attempts()) {
          throw exhausted(e, "ponder.engine.retry.attempts allows no more.");
        }
        Duration wait = settings.backoff().after(failed);
        pause(asked != null && asked.compareTo(wait) > 0 ? asked : wait, e);
      }
    }
  }

  private void pause(Duration wait, Unavailable cause) {
    if (deadline != null && wait.compareTo(deadline.remaining(now)) > 0) {
      throw exhausted(cause, "The deadline leaves no time to try again.");
    }
    try {
      if (closing.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new Unavailable("Model '%s' was closed.".formatted(model), cause);
      }
    } catch (InterruptedException e) {
      throw Sequences.interrupted(model, e);
    }
  }

  private Unavailable exhausted(Unavailable cause, String why) {
    return new Unavailable(
        "Model '%s' could not be used: tried %s over %s. %s The last time: %s"
            .formatted(
                model,
                failed == 1 ? "once" : failed + " times",
                seconds(Duration.between(began, now.instant())),
                why,
                cause.getMessage()),
        cause,
        cause.retryAfter());
  }

  static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}
