package dev.ponder.engine;

import dev.ponder.budget.Deadline;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A running generation that says how it goes, and is closed when its deadline passes.
final class WatchedStream implements TokenStream {

  private final TokenStream stream;
  private final Outcome outcome;
  private final Future<?> timeLimit;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean closed;

  /// Who wants to know.
  interface Outcome {
    /// The engine answers: the first piece is here.
    void answered();

    /// The engine failed, before or after its first piece.
    void failed(RuntimeException failure);

    /// The stream ended and says nothing about the engine. Never after one of the others.
    void unknown();

    /// The sequence is free. Comes once, and last.
    void ended();
  }

  WatchedStream(TokenStream stream, Outcome outcome, Deadline deadline, TimeLimits limits) {
    this.stream = stream;
    this.outcome = outcome;
    this.timeLimit = limits.at(deadline, this::close);
  }

  @Override
  public @Nullable Piece next() {
    try {
      Piece piece = stream.next();
      if (piece == null) {
        end();
      } else if (settled.compareAndSet(false, true)) {
        outcome.answered();
      }
      return piece;
    } catch (RuntimeException e) {
      // What breaks because it was closed is no failure of the engine.
      if (!closed) {
        settled.set(true);
        outcome.failed(e);
      }
      end();
      throw e;
    }
  }

  @Override
  public Completion completion() {
    return stream.completion();
  }

  @Override
  public void close() {
    closed = true;
    try {
      stream.close();
    } finally {
      end();
    }
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      timeLimit.cancel(false);
      if (settled.compareAndSet(false, true)) {
        outcome.unknown();
      }
      outcome.ended();
    }
  }
}
