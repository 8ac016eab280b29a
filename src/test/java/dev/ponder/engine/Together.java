package dev.ponder.engine;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Things that happen at the same time, on virtual threads, none of which may take a minute.
public final class Together {

  private Together() {}

  public static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  public static <T> T join(FutureTask<T> task) {
    try {
      return task.get(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("It did not end within 60 s.", e);
    } catch (ExecutionException e) {
      throw new AssertionError("It failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  public static <T> List<T> all(List<Callable<T>> works) {
    return works.stream().map(Together::start).toList().stream().map(Together::join).toList();
  }

  /// Waits until the condition is true.
  public static void until(Callable<Boolean> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("It did not come true within 60 s.");
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    } catch (Exception e) {
      throw new AssertionError("The condition failed: " + e, e);
    }
  }
}
