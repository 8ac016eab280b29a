package dev.ponder.thinking;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/// The places of this node's runs: `ponder.jobs.running-max` for those that think. A run whose
/// engine is away gives its place to another job, and takes one again before it goes on; it comes
/// before jobs that wait in the queue.
final class Places {

  /// How many runs may wait without a place. Each keeps its job's thoughts in memory, about half a
  /// megabyte for a long one. One more waits in its place, so that the queue comes to a stop.
  static final int WAITING_MAX = 200;

  /// Jobs that are answered at the same time without a place. That takes a moment each.
  static final int LATE_MAX = 64;

  private final int thinking;
  private final Runnable freed;
  private final Deque<Place> returning = new ArrayDeque<>();
  private final Semaphore runs;
  private int free;
  private int late = LATE_MAX;
  private int waiting;

  /// @param freed is told when a place is free
  Places(int thinking, Runnable freed) {
    this.thinking = thinking;
    this.freed = freed;
    this.free = thinking;
    this.runs = new Semaphore(most());
  }

  /// Takes all that are free, for jobs that are about to be claimed.
  synchronized int takeFree() {
    int all = free;
    free = 0;
    return all;
  }

  /// Gives places back: to those who wait for one, or to all.
  synchronized void giveBack(int places) {
    int left = places;
    while (left > 0 && !returning.isEmpty()) {
      returning.removeFirst().given();
      left--;
    }
    free += left;
  }

  synchronized boolean anyFree() {
    return free > 0;
  }

  /// Takes all places for jobs that have to be answered at once.
  synchronized int takeLate() {
    int all = late;
    late = 0;
    return all;
  }

  synchronized void giveBackLate(int places) {
    late += places;
  }

  /// The place of a run that begins, out of those that were taken.
  ///
  /// @param late whether it is one of those for jobs that have to be answered at once
  /// @param bell gets a permit when a place is given to the run later
  Place of(Semaphore bell, boolean late) {
    // Never in vain: a run has a place or is one of those that wait.
    runs.acquireUninterruptibly();
    return new Place(bell, late);
  }

  /// Has all its permits while no run is left.
  Semaphore runs() {
    return runs;
  }

  /// How many runs there can be.
  int most() {
    return thinking + WAITING_MAX + LATE_MAX;
  }

  /// The place of one run. Used by its thread, given by others.
  final class Place implements AutoCloseable {

    private final Semaphore bell;
    private final boolean late;
    private boolean held = true;
    private boolean counted;

    private Place(Semaphore bell, boolean late) {
      this.bell = bell;
      this.late = late;
    }

    /// Gives the place to others, unless too many wait without one.
    void leave() {
      synchronized (Places.this) {
        if (late || !held || waiting == WAITING_MAX) {
          return;
        }
        held = false;
        counted = true;
        waiting++;
        giveBack(1);
      }
      freed.run();
    }

    /// Asks for a place again. The bell rings if it is not there at once.
    void ask() {
      synchronized (Places.this) {
        if (!held && free > 0) {
          free--;
          take();
        } else if (!held && !returning.contains(this)) {
          returning.addLast(this);
        }
      }
    }

    boolean held() {
      synchronized (Places.this) {
        return held;
      }
    }

    private void given() {
      take();
      bell.release();
    }

    private void take() {
      held = true;
      waiting--;
      counted = false;
    }

    @Override
    public void close() {
      synchronized (Places.this) {
        runs.release();
        returning.remove(this);
        if (counted) {
          waiting--;
        }
        if (late) {
          giveBackLate(1);
        } else if (held) {
          giveBack(1);
        }
        counted = false;
        held = false;
      }
      freed.run();
    }
  }
}
