package dev.ponder.simulation;

import dev.ponder.time.Threads;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;

/// The threads of one node: tasks that hand over a baton.
final class SimulatedThreads implements Threads {

  private final Baton baton;
  private final Host host;
  private final ToLongFunction<UUID> epochOf;

  /// @param epochOf the epoch that the job of a thread's name has now
  SimulatedThreads(Baton baton, Host host, ToLongFunction<UUID> epochOf) {
    this.baton = baton;
    this.host = host;
    this.epochOf = epochOf;
  }

  @Override
  public void start(String name, Runnable work) {
    baton.checkAlive();
    Task task = baton.spawn(name, host, work);
    if (name.startsWith("job-")) {
      task.job = UUID.fromString(name.substring("job-".length()));
      task.epoch = epochOf.applyAsLong(task.job);
    }
  }

  @Override
  public Working startWork(Runnable work) {
    baton.checkAlive();
    Task task = baton.spawn("work", host, work);
    task.worksFor(Baton.current());
    return task::interrupt;
  }

  @Override
  public void startService(String name, Runnable work) {
    start(name, work);
  }

  @Override
  public long nanos() {
    return baton.nanos();
  }

  @Override
  public boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
    return baton.waitInterruptibly(() -> latch.getCount() == 0, atMost);
  }

  @Override
  public boolean acquire(Semaphore semaphore, int permits, Duration atMost)
      throws InterruptedException {
    baton.waitInterruptibly(() -> semaphore.availablePermits() >= permits, atMost);
    return semaphore.tryAcquire(permits);
  }

  @Override
  public void pause(Duration time) {
    baton.waitFor(Baton.current()::isInterrupted, time);
  }
}
