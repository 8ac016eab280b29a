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
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The tries of one request.
final class Attempts {

  private final String model;
  private final ToLongFunction<Unavailable> nextWait;
  private final Duration longestWait;
  private final @Nullable Deadline deadline;
  private final InstantSource now;
  private final CountDownLatch closing;
  private final Instant began;
  private int failed;

  /// @param nextWait milliseconds before the next try, negative if there is none
  /// @param longestWait before a try
  /// @param closing is zero once the engine is closed
  Attempts(
      String model,
      ToLongFunction<Unavailable> nextWait,
      Duration longestWait,
      @Nullable Deadline deadline,
      InstantSource now,
      CountDownLatch closing) {
    this.model = model;
    this.nextWait = nextWait;
    this.longestWait = longestWait;
    this.deadline = deadline;
    this.now = now;
    this.closing = closing;
    this.began = now.instant();
  }

  /// Ends, because there is no further wait when the attempts are used up.
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
        if (asked != null && asked.compareTo(longestWait) > 0) {
          throw exhausted(e, "It asks for %s.".formatted(seconds(asked)));
        }
        pause(nextWait.applyAsLong(e), e);
      }
    }
  }

  private void pause(long millis, Unavailable cause) {
    if (millis < 0) {
      throw exhausted(cause, "ponder.engine.retry.attempts allows no more.");
    }
    long longest = deadline == null ? longestWait.toMillis() : deadline.remaining(now).toMillis();
    if (millis > longest && deadline != null) {
      throw exhausted(cause, "The deadline leaves no time to try again.");
    }
    try {
      if (closing.await(Math.min(millis, longest), TimeUnit.MILLISECONDS)) {
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
