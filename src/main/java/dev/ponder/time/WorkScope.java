package dev.ponder.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The time in which pieces of work may take place. It ends from outside: at its instant, or when
/// it is stopped, whatever the work is doing then. Whoever waits for a piece of work goes on at
/// once; the work is interrupted, and what it brings later is closed. Streams that are held in it
/// are closed.
///
/// Work in a scope never writes to the database, because H2 closes its file under a thread that is
/// interrupted while it writes. It changes nothing that others go on with, because it may still run
/// when nobody waits for it any more.
public final class WorkScope {

  /// Pieces of work that were left behind and have not ended. They see the interrupt sooner or
  /// later; when so many do not, no more are begun.
  static final int MOST_LEFT_BEHIND = 16;

  /// A wait is begun anew after this, so that a clock that was set is noticed.
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Root root;
  private final Instant end;

  private WorkScope(Root root, Instant end) {
    this.root = root;
    this.end = end;
  }

  /// What a scope and those within it have in common.
  private static final class Root {
    private final Threads threads;
    private final InstantSource time;
    // In the order in which they came: what is ended in any order cannot be told again.
    private final Queue<Runnable> endings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger leftBehind = new AtomicInteger();
    private volatile @Nullable RuntimeException stopped;

    private Root(Threads threads, InstantSource time) {
      this.threads = threads;
      this.time = time;
    }
  }

  /// A scope that lasts until it is stopped.
  public static WorkScope endless(Threads threads, InstantSource time) {
    return new WorkScope(new Root(threads, time), Instant.MAX);
  }

  /// A scope within this one, which ends at `instant` if this one does not end before.
  public WorkScope until(Instant instant) {
    return new WorkScope(root, instant.isBefore(end) ? instant : end);
  }

  /// An endless scope beside this one, which goes on when this one is stopped.
  public WorkScope beside() {
    return endless(root.threads, root.time);
  }

  /// Ends this scope, those within it, and those it is in, from any thread and for good.
  ///
  /// @param why is thrown to whoever works in it
  public void stop(RuntimeException why) {
    root.stopped = why;
    root.endings.forEach(Runnable::run);
  }

  /// Does a piece of work while the caller waits.
  ///
  /// @param what it is, to go on after "The time was up before": "the prompt was made"
  /// @throws TimeIsUp if the scope ends at its instant first
  public <T extends @Nullable Object> T call(String what, Supplier<T> work) {
    return done(what, work, late -> {});
  }

  /// The same for work without a result.
  public void run(String what, Runnable work) {
    call(
        what,
        () -> {
          work.run();
          return true;
        });
  }

  /// The same for work that opens something; if that comes too late, it is closed at once.
  public <T extends AutoCloseable> T open(String what, Supplier<T> work) {
    return done(what, work, WorkScope::closeQuietly);
  }

  /// Closes what is held when the scope ends, until it is released. Never before the scope's
  /// instant: whoever reads a stream that is closed early would ask for another, in a circle.
  public Hold hold(AutoCloseable held) {
    var hold = new Hold(held);
    root.endings.add(hold.ending);
    if (root.stopped != null) {
      hold.ending.run();
    }
    if (!end.equals(Instant.MAX)) {
      root.threads.start("time-limit", hold::closeInTime);
    }
    return hold;
  }

  /// Something that is closed with its scope.
  public final class Hold implements AutoCloseable {
    private final AutoCloseable held;
    private final CountDownLatch released = new CountDownLatch(1);
    // On a thread of its own: closing may take its time, and others are to be ended too.
    private final Runnable ending = () -> root.threads.start("close", this::end);

    private Hold(AutoCloseable held) {
      this.held = held;
    }

    private void closeInTime() {
      try {
        if (!awaited(released)) {
          end();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void end() {
      close();
      closeQuietly(held);
    }

    /// Releases what is held, which stays as it is.
    @Override
    public void close() {
      released.countDown();
      root.endings.remove(ending);
    }
  }

  private <T extends @Nullable Object> T done(
      String what, Supplier<T> work, Consumer<? super T> late) {
    requireRoom(what);
    var piece = new Piece<T>(work, late);
    Runnable ending = piece.over::countDown;
    root.endings.add(ending);
    try {
      requireRoom(what);
      var working = root.threads.startWork(piece);
      if (!waitedFor(piece) && piece.isLeft()) {
        working.interrupt();
        throw ended(what);
      }
      return piece.outcome();
    } finally {
      root.endings.remove(ending);
    }
  }

  private void requireRoom(String what) {
    if (root.stopped != null || !root.time.instant().isBefore(end)) {
      throw ended(what);
    }
    if (root.leftBehind.get() >= MOST_LEFT_BEHIND) {
      throw new TimeIsUp(
          "There was no thread to see that %s: %d pieces of work have not ended, though their time was up, and that is the limit."
              .formatted(what, MOST_LEFT_BEHIND));
    }
  }

  private RuntimeException ended(String what) {
    RuntimeException stopped = root.stopped;
    return stopped != null ? stopped : new TimeIsUp("The time was up before %s.".formatted(what));
  }

  /// False if the scope has ended, or the caller was interrupted.
  private boolean waitedFor(Piece<?> piece) {
    try {
      return awaited(piece.over) && root.stopped == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// False if this scope ends at its instant first.
  private boolean awaited(CountDownLatch latch) throws InterruptedException {
    while (true) {
      Duration left = Duration.between(root.time.instant(), end);
      if (!left.isPositive()) {
        return latch.getCount() == 0;
      }
      if (root.threads.await(latch, left.compareTo(LOOK) < 0 ? left : LOOK)) {
        return true;
      }
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable late) {
    try {
      if (late != null) {
        late.close();
      }
    } catch (Exception e) {
      // Nobody waits for it, and it is as closed as it can be.
    }
  }

  /// One piece of work.
  private final class Piece<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> work;
    private final Consumer<? super T> late;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean begun;
    private boolean done;
    private boolean left;
    private @Nullable T result;
    private @Nullable Throwable failure;

    private Piece(Supplier<T> work, Consumer<? super T> late) {
      this.work = work;
      this.late = late;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      T made = null;
      Throwable failed = null;
      try {
        made = work.get();
      } catch (Throwable e) {
        failed = e;
      }
      if (isDone(made, failed)) {
        over.countDown();
      } else {
        root.leftBehind.decrementAndGet();
        late.accept(made);
      }
    }

    private synchronized boolean begin() {
      begun = !left;
      return begun;
    }

    /// False if nobody waits for it any more.
    private synchronized boolean isDone(@Nullable T made, @Nullable Throwable failed) {
      done = true;
      result = made;
      failure = failed;
      return !left;
    }

    /// Leaves the work behind, unless it is done.
    private synchronized boolean isLeft() {
      if (done) {
        return false;
      }
      left = true;
      if (begun) {
        root.leftBehind.incrementAndGet();
      }
      return true;
    }

    private synchronized T outcome() {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
      return result;
    }
  }
}
