package dev.ponder.budget;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Virtual threads for the work, platform threads for what lives as long as the service.
final class PlatformThreads implements Threads {

  @Override
  public void start(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }

  @Override
  public Working startWork(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).start(work)::interrupt;
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
