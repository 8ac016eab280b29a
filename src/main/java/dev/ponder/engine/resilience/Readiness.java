package dev.ponder.engine.resilience;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException.Unavailable;
import dev.ponder.engine.Sequences;
import dev.ponder.time.Deadline;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether an engine is ready, which is when it has said what it can do. Asking can start it, which
/// takes as long as a large model takes to load.
final class Readiness {

  private final Engine engine;
  private final Supplier<Capabilities> asking;
  private final InstantSource now;
  private volatile @Nullable Capabilities known;

  /// @param asking asks the engine what it can do
  Readiness(Engine engine, Supplier<Capabilities> asking, InstantSource now) {
    this.engine = engine;
    this.asking = asking;
    this.now = now;
  }

  /// What it can do, if it has said so already. Never starts it.
  @Nullable Capabilities known() {
    return known;
  }

  Capabilities ask() {
    Capabilities can = asking.get();
    known = can;
    return can;
  }

  /// The same by a deadline. When this request cannot wait any longer, its question ends; what was
  /// started for it goes on.
  ///
  /// @throws Unavailable if it was not ready by then
  Capabilities askBefore(Deadline deadline) {
    FutureTask<Capabilities> answer = new FutureTask<>(this::ask);
    Thread.ofVirtual().name("ask-" + engine.model()).start(answer);
    try {
      return answer.get(deadline.remaining(now).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Unavailable(
          "Model '%s' was not ready before the deadline: %s"
              .formatted(engine.model(), engine.health().detail()),
          e);
    } catch (InterruptedException e) {
      throw Sequences.interrupted(engine.model(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("asking model " + engine.model() + " failed", e);
    } finally {
      answer.cancel(true);
    }
  }
}
