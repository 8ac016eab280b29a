package dev.ponder.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Virtual threads for the work, platform threads for what lives as long as the service.
final class PlatformThreads implements Threads {

  /// A job has dozens of short pieces of work, and a thread of the platform costs more to start
  /// than most of them take. Those that are idle for a minute end; there are as many as callers
  /// that
  /// wait and pieces that were left behind, both of which have limits.
  private final ExecutorService workers =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("work-", 1).factory());

  @Override
  public void start(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }

  @Override
  public Working startWork(Runnable work) {
    // The future interrupts its own work alone: a thread that does another by then is left in
    // peace.
    Future<?> working = workers.submit(work);
    return () -> working.cancel(true);
  }

  @Override
  public void startService(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(work);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
    return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean acquire(Semaphore semaphore, int permits, Duration atMost)
      throws InterruptedException {
    return semaphore.tryAcquire(permits, atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
