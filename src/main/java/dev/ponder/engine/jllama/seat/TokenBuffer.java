package dev.ponder.engine.jllama.seat;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What one generation has decoded and its connection has not sent yet. The engine is always read
/// at once, because results that lie unread inside the library make its other readers spin; the
/// number of entries is bounded by the tokens that the request asked for.
///
/// The writer is woken only if it waits for a first token or for the end: at thousands of tokens
/// a second, one wake-up per token would cost more than the decoding.
final class TokenBuffer {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Decoded> waiting = new ArrayDeque<>();
  private boolean wanted;
  private @Nullable Ending ending;
  private volatile boolean cancelled;

  /// One output of the engine; `tokens` is more than 1 where bytes of a character came before it.
  record Decoded(String text, int tokens) {}

  /// How the generation ended.
  ///
  /// @param failure what the library said, or null
  record Ending(boolean endOfTurn, int written, long decodeNanos, @Nullable String failure) {}

  void add(Decoded decoded) {
    lock.lock();
    try {
      waiting.add(decoded);
      if (wanted) {
        wanted = false;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void end(Ending how) {
    lock.lock();
    try {
      ending = how;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The client is gone: whoever decodes stops at the next token.
  void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  /// Waits until the engine has ended, at most so long.
  void awaitEnd(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (ending == null && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something can be taken or the engine has ended, at most so long.
  void awaitAny(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (waiting.isEmpty() && ending == null && left > 0) {
        wanted = true;
        left = changed.awaitNanos(left);
      }
      wanted = false;
    } finally {
      lock.unlock();
    }
  }

  /// Lets time pass until the next token is due.
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Moves up to `most` outputs into `text`; returns their tokens.
  int take(int most, StringBuilder text) {
    lock.lock();
    try {
      int tokens = 0;
      Decoded next;
      while (tokens < most && (next = waiting.poll()) != null) {
        text.append(next.text());
        tokens += next.tokens();
      }
      return tokens;
    } finally {
      lock.unlock();
    }
  }

  boolean empty() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// How it ended, or null while it runs.
  @Nullable Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }
}
