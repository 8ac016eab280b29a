package dev.ponder.engine;

import dev.ponder.engine.EngineException.Unavailable;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The sequences of one engine: who comes first gets the next free one. How many there are is known
/// once the engine has said so; until then there are none.
public final class Sequences {

  private final String model;
  private final Duration queueWait;
  private final InstantSource now;
  private final Semaphore free = new Semaphore(0, true);
  private int counted;

  public Sequences(String model, Duration queueWait, InstantSource now) {
    this.model = model;
    this.queueWait = queueWait;
    this.now = now;
  }

  /// Takes over how many there are. An engine that was started again may have more; if it has fewer
  /// the rest is not taken away, and the engine makes them wait.
  public synchronized void count(int sequences) {
    if (sequences > counted) {
      free.release(sequences - counted);
      counted = sequences;
    }
  }

  /// Waits for a free one, at most as long as configured and never beyond the deadline.
  public void enter(Deadline deadline) {
    Duration left = deadline.remaining(now);
    Duration wait = left.compareTo(queueWait) < 0 ? left : queueWait;
    try {
      if (!free.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        String limit = wait.equals(queueWait) ? "ponder.engine.queue-wait" : "the deadline";
        throw new Unavailable(
            "Model '%s' is busy: none of its %d sequences became free within %.1f s (%s)."
                .formatted(model, counted(), wait.toMillis() / 1000.0, limit),
            null);
      }
    } catch (InterruptedException e) {
      throw interrupted(model, e);
    }
  }

  /// Takes so many if they are free now.
  public boolean enterAtOnce(int many) {
    return free.tryAcquire(many);
  }

  public void leave(int many) {
    free.release(many);
  }

  public void leave() {
    free.release();
  }

  public static Unavailable interrupted(String model, @Nullable Throwable cause) {
    Thread.currentThread().interrupt();
    return new Unavailable("The wait for model '%s' was interrupted.".formatted(model), cause);
  }

  private synchronized int counted() {
    return counted;
  }
}
