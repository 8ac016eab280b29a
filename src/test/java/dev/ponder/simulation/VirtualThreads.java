package dev.ponder.simulation;

import dev.ponder.time.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/// The time of a test with one thread: a wait takes none, and leaves the clock where it ended.
public final class VirtualThreads implements Threads {

  private long nanos;
  private long next = Long.MAX_VALUE;
  private Runnable then = () -> {};

  /// Lets time pass.
  public void pass(Duration time) {
    nanos += time.toNanos();
    if (nanos >= next) {
      next = Long.MAX_VALUE;
      then.run();
    }
  }

  /// Has something happen when the clock shows `when`, counted from its beginning.
  public void at(Duration when, Runnable what) {
    next = when.toNanos();
    then = what;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void pause(Duration time) {
    // As a real wait does, it takes a moment even if it is for none.
    pass(time.isPositive() ? time : Duration.ofNanos(1));
  }

  @Override
  public void start(String name, Runnable work) {
    throw new UnsupportedOperationException("There is one thread");
  }

  @Override
  public Working startWork(Runnable work) {
    throw new UnsupportedOperationException("There is one thread");
  }

  @Override
  public void startService(String name, Runnable work) {
    throw new UnsupportedOperationException("There is one thread");
  }

  @Override
  public boolean await(CountDownLatch latch, Duration atMost) {
    throw new UnsupportedOperationException("There is one thread");
  }

  @Override
  public boolean acquire(Semaphore semaphore, int permits, Duration atMost) {
    throw new UnsupportedOperationException("There is one thread");
  }
}
