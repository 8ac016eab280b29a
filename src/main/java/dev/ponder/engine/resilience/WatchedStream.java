package dev.ponder.engine.resilience;

import dev.ponder.engine.Completion;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.time.WorkScope;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A running generation that says how it goes, and is closed when its deadline passes.
final class WatchedStream implements TokenStream {

  private final TokenStream stream;
  private final Outcome outcome;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean closed;
  private volatile WorkScope.@Nullable Hold timeLimit;

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

  WatchedStream(TokenStream stream, Outcome outcome) {
    this.stream = stream;
    this.outcome = outcome;
  }

  /// Has it closed with this scope.
  WatchedStream within(WorkScope scope) {
    timeLimit = scope.hold(this);
    if (ended.get()) {
      release();
    }
    return this;
  }

  private void release() {
    WorkScope.Hold limit = timeLimit;
    if (limit != null) {
      limit.close();
    }
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
      release();
      if (settled.compareAndSet(false, true)) {
        outcome.unknown();
      }
      outcome.ended();
    }
  }
}
