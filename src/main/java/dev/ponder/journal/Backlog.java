package dev.ponder.journal;

import dev.ponder.time.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Chunks of one thought on their way to the database. While the database takes them, each is
/// durable when [#add] returns. Once it fails, a thread of its own repeats the writing, in order,
/// and the thought goes on until `ponder.journal.unwritten-max` tokens wait here; then the thought
/// waits too.
final class Backlog {

  /// A piece of a thought.
  ///
  /// @param fromToken its first token, counted from 0
  /// @param ids its tokens' ids, four bytes each, or null if they are unknown
  record Chunk(int fromToken, int tokens, String text, byte @Nullable [] ids) {}

  /// Where chunks go.
  interface Sink {
    /// Writes a chunk, or fails.
    void write(Chunk chunk);

    /// A write that seemed to have failed had happened.
    void found(Chunk chunk);
  }

  /// How long a thought waits before it looks by itself whether there is room.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Sink sink;
  private final SteadyWrites writes;
  private final Threads threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Semaphore moved = new Semaphore(0);
  private final Deque<Chunk> unwritten = new ArrayDeque<>();
  private int unwrittenTokens;
  private @Nullable RuntimeException failure;

  Backlog(Sink sink, SteadyWrites writes) {
    this.sink = sink;
    this.writes = writes;
    this.threads = writes.threads();
  }

  /// Takes a chunk, which is durable when this returns unless the database is away.
  void add(Chunk chunk) {
    await(Math.max(0, writes.unwrittenMax() - chunk.tokens()));
    if (!follows(chunk)) {
      addFirst(chunk);
    }
  }

  /// Puts a chunk behind those that wait, if any do. The writing thread ends only when none does.
  private boolean follows(Chunk chunk) {
    lock.lock();
    try {
      check();
      if (unwritten.isEmpty()) {
        return false;
      }
      enqueue(chunk);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void addFirst(Chunk chunk) {
    try {
      sink.write(chunk);
    } catch (DataAccessException | TransactionException away) {
      if (!writes.isRepeatable(away)) {
        throw away;
      }
      begin(chunk);
      threads.start("backlog", () -> work(away));
    }
  }

  private void begin(Chunk chunk) {
    lock.lock();
    try {
      enqueue(chunk);
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Chunk chunk) {
    unwritten.add(chunk);
    unwrittenTokens += chunk.tokens();
  }

  /// Returns when everything is durable.
  void drain() {
    await(0);
  }

  /// Waits until at most so many tokens are unwritten. Ends with the writing thread at the latest.
  private void await(int most) {
    while (isOver(most)) {
      try {
        threads.acquire(moved, 1, LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while the database was away", e);
      }
    }
  }

  private boolean isOver(int most) {
    lock.lock();
    try {
      check();
      return !unwritten.isEmpty() && unwrittenTokens > most;
    } finally {
      lock.unlock();
    }
  }

  private void check() {
    if (failure != null) {
      throw failure;
    }
  }

  /// Writes what waits, and ends when nothing does.
  private void work(RuntimeException first) {
    @Nullable RuntimeException before = first;
    @Nullable Chunk next = head();
    while (next != null) {
      next = taken(next, failureOf(next, before));
      before = null;
    }
  }

  private @Nullable RuntimeException failureOf(Chunk chunk, @Nullable RuntimeException before) {
    Supplier<Boolean> write =
        () -> {
          sink.write(chunk);
          return true;
        };
    Supplier<Boolean> found =
        () -> {
          sink.found(chunk);
          return true;
        };
    try {
      if (before == null) {
        writes.write(write, found);
      } else {
        writes.repeat(write, found, before);
      }
      return null;
    } catch (RuntimeException e) {
      return e;
    } catch (Error e) {
      // The thought waits for this thread: whatever ends it has to reach the thought.
      return new IllegalStateException("A chunk could not be written: " + e, e);
    }
  }

  /// Answers the next chunk. That there is none is found out before another can come: the next one
  /// to fail would start a second thread, and both would write it.
  private @Nullable Chunk taken(Chunk chunk, @Nullable RuntimeException failed) {
    lock.lock();
    try {
      failure = failed;
      if (failed == null) {
        unwritten.remove();
        unwrittenTokens -= chunk.tokens();
      } else {
        unwritten.clear();
      }
      moved.release();
      return unwritten.peek();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Chunk head() {
    lock.lock();
    try {
      return unwritten.peek();
    } finally {
      lock.unlock();
    }
  }
}
