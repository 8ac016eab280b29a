package dev.ponder.journal;

import dev.ponder.job.LeaseLost;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionException;

/// Repeats the writes of one run while the database is away, until it takes them, the run is
/// stopped, or `ponder.journal.wait-max` is over.
///
/// A commit whose answer was lost may have happened. Every write therefore begins with a row that
/// only it can have written, such as a line of the journal: if a repetition finds that row there,
/// the write is done.
final class SteadyWrites {

  /// How long a wait goes on before it looks whether it still makes sense.
  private static final Duration LOOK = Duration.ofMillis(100);

  private final DatabaseTrouble trouble;
  private final JournalSettings settings;
  private final Threads threads;
  private final BooleanSupplier stopped;

  /// @param stopped whether the run has to end: then nothing is repeated any more
  SteadyWrites(
      DatabaseTrouble trouble, JournalSettings settings, Threads threads, BooleanSupplier stopped) {
    this.trouble = trouble;
    this.settings = settings;
    this.threads = threads;
    this.stopped = stopped;
  }

  /// Writes, again and again if it has to be.
  ///
  /// @throws LeaseLost if the run no longer owns its job
  /// @throws DataAccessException if the database did not take it in time
  void write(Runnable write) {
    write(write, () -> {});
  }

  /// @param found comes after a repetition of what was done before
  void write(Runnable write, Runnable found) {
    try {
      write.run();
    } catch (DataAccessException | TransactionException first) {
      if (!isRepeatable(first)) {
        throw first;
      }
      repeat(write, found, first);
    }
  }

  /// Goes on with a write that has failed before.
  void repeat(Runnable write, Runnable found, RuntimeException first) {
    trouble.begins(write, first);
    RuntimeException last = first;
    long end = threads.nanos() + settings.waitMax().toNanos();
    try {
      while (isRepeatable(last) && threads.nanos() < end && waited()) {
        try {
          write.run();
          return;
        } catch (DuplicateKeyException done) {
          found.run();
          return;
        } catch (DataAccessException | TransactionException again) {
          last = again;
        }
      }
    } finally {
      trouble.ends(write);
    }
    throw last;
  }

  Threads threads() {
    return threads;
  }

  int unwrittenMax() {
    return settings.unwrittenMax();
  }

  boolean isRepeatable(RuntimeException failure) {
    return !stopped.getAsBoolean() && DatabaseTrouble.passes(failure);
  }

  /// Waits until the next try is due. False if the run was stopped meanwhile.
  private boolean waited() {
    long end = threads.nanos() + settings.retryEvery().toNanos();
    while (threads.nanos() < end) {
      if (stopped.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      threads.pause(LOOK);
    }
    return true;
  }
}
