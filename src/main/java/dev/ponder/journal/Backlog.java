package dev.ponder.journal;

import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The row of a thought that is being written, and the chunks on their way to it. While the
/// database takes them, each is durable when [#add] returns. Once it fails, a thread of its own
/// repeats the writing, in order, and the thought goes on until `ponder.journal.unwritten-max`
/// tokens wait here; then the thought waits too.
final class Backlog {

  /// A piece of a thought.
  ///
  /// @param fromToken its first token, counted from 0
  /// @param ids its tokens' ids, four bytes each, or null if they are unknown
  record Chunk(int fromToken, int tokens, String text, byte @Nullable [] ids) {}

  /// How long a thought waits before it looks by itself whether there is room.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final JobJournal journal;
  private final Draft.Blank blank;
  private final Instant started;
  private final SteadyWrites steady;
  private final Threads threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Semaphore moved = new Semaphore(0);
  private final Deque<Chunk> unwritten = new ArrayDeque<>();
  private int unwrittenTokens;
  private @Nullable RuntimeException failure;

  /// Of the thought; null until its first chunk is written.
  private volatile @Nullable Long row;

  Backlog(JobJournal journal, Draft.Blank blank, @Nullable Long row, Instant started) {
    this.journal = journal;
    this.blank = blank;
    this.row = row;
    this.started = started;
    this.steady = journal.steady();
    this.threads = steady.threads();
  }

  /// Takes a chunk, which is durable when this returns unless the database is away.
  void add(Chunk chunk) {
    await(Math.max(0, steady.unwrittenMax() - chunk.tokens()));
    // The writing thread ends only when none waits.
    if (waits(chunk, false)) {
      return;
    }
    try {
      write(chunk);
    } catch (DataAccessException | TransactionException away) {
      if (!steady.isRepeatable(away)) {
        throw away;
      }
      waits(chunk, true);
      threads.start("backlog", () -> work(away));
    }
  }

  /// Puts a chunk behind those that wait, if any do.
  ///
  /// @param first whether it waits also where none does
  private boolean waits(Chunk chunk, boolean first) {
    lock.lock();
    try {
      check();
      if (unwritten.isEmpty() && !first) {
        return false;
      }
      unwritten.add(chunk);
      unwrittenTokens += chunk.tokens();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The first chunk brings the thought's row with it.
  private void write(Chunk chunk) {
    Long known = row;
    if (known == null) {
      row = journal.begin(blank, started, chunk);
    } else {
      journal.append(known, chunk);
    }
  }

  /// A write that seemed to have failed had happened.
  private void found() {
    if (row == null) {
      row = journal.rowOf(blank.key());
    }
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
    try {
      if (before == null) {
        steady.write(() -> write(chunk), this::found);
      } else {
        steady.repeat(() -> write(chunk), this::found, before);
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

  /// Everything is durable, and the thought is over.
  void finish(Thought thought, Duration decoding, boolean wasFolded, boolean carry) {
    Long known = row;
    if (known == null) {
      journal.insertFinished(thought, blank, started, decoding.toMillis(), carry);
    } else {
      journal.finish(known, thought, decoding.toMillis(), wasFolded, carry);
    }
  }

  /// Gives up what is durable.
  void withdraw() {
    drain();
    Long known = row;
    if (known != null) {
      journal.withdraw(known);
    }
    row = null;
  }

  /// Everything up to the end of the fold is durable.
  void fold(Fold fold, String note) {
    journal.fold(Objects.requireNonNull(row), blank.key(), fold, note);
  }
}
