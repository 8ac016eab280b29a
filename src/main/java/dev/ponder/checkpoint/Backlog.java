package dev.ponder.checkpoint;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
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

  private final Sink sink;
  private final SteadyWrites writes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Deque<Chunk> unwritten = new ArrayDeque<>();
  private int unwrittenTokens;
  private @Nullable RuntimeException failure;

  Backlog(Sink sink, SteadyWrites writes) {
    this.sink = sink;
    this.writes = writes;
  }

  /// Takes a chunk, which is durable when this returns unless the database is away.
  void add(Chunk chunk) {
    lock.lock();
    try {
      check();
      if (!unwritten.isEmpty()) {
        await(Math.max(0, writes.unwrittenMax() - chunk.tokens()));
      }
      if (unwritten.isEmpty()) {
        addFirst(chunk);
      } else {
        enqueue(chunk);
      }
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
      enqueue(chunk);
      Thread.ofVirtual().name("backlog").start(() -> work(away));
    }
  }

  private void enqueue(Chunk chunk) {
    unwritten.add(chunk);
    unwrittenTokens += chunk.tokens();
  }

  /// Returns when everything is durable.
  void drain() {
    lock.lock();
    try {
      check();
      await(0);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until at most so many tokens are unwritten. Ends with the writing thread at the latest.
  private void await(int most) {
    while (!unwritten.isEmpty() && unwrittenTokens > most) {
      try {
        moved.await(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while the database was away", e);
      }
      check();
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
    Chunk next;
    while ((next = head()) != null) {
      taken(next, failureOf(next, before));
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
    }
  }

  private void taken(Chunk chunk, @Nullable RuntimeException failed) {
    lock.lock();
    try {
      failure = failed;
      if (failed == null) {
        unwritten.remove();
        unwrittenTokens -= chunk.tokens();
      } else {
        unwritten.clear();
      }
      moved.signalAll();
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
