package dev.ponder.engine.jllama.seat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who may use which sequence of the engine. The library keeps no order of its own worth having:
/// a request for a busy slot can block others, one for a missing slot waits for ever. So each slot
/// has one request, the rest waits here in order of arrival, and the waiting line has an end.
final class Slots {
  private final int waitingMax;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Ticket> line = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition assigned = lock.newCondition();
  private long uses;

  Slots(int count, int waitingMax) {
    this.waitingMax = waitingMax;
    for (int i = 0; i < count; i++) {
      slots.add(new Slot(i));
    }
  }

  /// Takes a place in the line.
  ///
  /// @param wanted the slot asked for, or -1 for the one that already holds most of `ids`
  /// @throws RequestProblem 503 if the line is full
  Ticket enter(int[] ids, int wanted) {
    lock.lock();
    try {
      Ticket ticket = new Ticket(ids, wanted);
      line.add(ticket);
      assign();
      if (ticket.slot == null && line.size() > waitingMax) {
        line.remove(ticket);
        throw RequestProblem.busy(waitingMax);
      }
      return ticket;
    } finally {
      lock.unlock();
    }
  }

  private void assign() {
    for (Iterator<Ticket> waiting = line.iterator(); waiting.hasNext(); ) {
      Ticket ticket = waiting.next();
      Slot best = best(ticket);
      if (best != null) {
        best.busy = true;
        best.used = ++uses;
        ticket.slot = best;
        waiting.remove();
        assigned.signalAll();
      }
    }
  }

  private @Nullable Slot best(Ticket ticket) {
    Slot best = null;
    int most = -1;
    for (Slot slot : slots) {
      if (slot.busy || (ticket.wanted >= 0 && ticket.wanted != slot.number)) {
        continue;
      }
      int shared = slot.shared(ticket.ids);
      if (best == null || shared > most || (shared == most && slot.used < best.used)) {
        best = slot;
        most = shared;
      }
    }
    return best;
  }

  /// One sequence of the engine and what its cache holds.
  static final class Slot {
    private final int number;
    private boolean busy;
    private long used;
    private volatile int[] cached = {};

    private Slot(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /// Set by whoever holds the slot, before giving it back.
    void holds(int[] ids) {
      cached = ids;
    }

    /// How many of these ids, from the first on, the cache holds.
    int shared(int[] ids) {
      int[] mine = cached;
      int mismatch = java.util.Arrays.mismatch(mine, ids);
      return mismatch < 0 ? ids.length : mismatch;
    }
  }

  /// A place in the line, and later the right to a slot. The slot is free again when both who
  /// sends the answer and who reads the engine have left: a paced answer is sent long after it was
  /// read, and after a cancel the engine is read for a little longer.
  final class Ticket {
    private final int[] ids;
    private final int wanted;
    private @Nullable Slot slot;
    private boolean sending = true;
    private boolean reading;

    private Ticket(int[] ids, int wanted) {
      this.ids = ids;
      this.wanted = wanted;
    }

    /// Waits for a slot, at most so long; null if there is none yet.
    @Nullable Slot await(long nanos) throws InterruptedException {
      lock.lock();
      try {
        long rest = nanos;
        while (slot == null && rest > 0) {
          rest = assigned.awaitNanos(rest);
        }
        return slot;
      } finally {
        lock.unlock();
      }
    }

    /// From now on the engine is read for this ticket, until [#hasRead].
    void reads() {
      lock.lock();
      try {
        reading = true;
      } finally {
        lock.unlock();
      }
    }

    void hasRead() {
      lock.lock();
      try {
        reading = false;
        giveBack();
      } finally {
        lock.unlock();
      }
    }

    /// The sender leaves. Idempotent.
    void leave() {
      lock.lock();
      try {
        sending = false;
        giveBack();
      } finally {
        lock.unlock();
      }
    }

    private void giveBack() {
      if (sending || reading) {
        return;
      }
      line.remove(this);
      Slot mine = slot;
      slot = null;
      if (mine != null) {
        mine.busy = false;
        assign();
      }
    }
  }
}
