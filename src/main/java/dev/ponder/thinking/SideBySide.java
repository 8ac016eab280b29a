package dev.ponder.thinking;

import dev.ponder.thinking.thought.LiveJob;
import dev.ponder.thinking.thought.RunStopped;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Has the branches of a stage thought side by side, each in a thread of its own.
final class SideBySide {

  /// A wait for branches that is over is begun anew: each branch ends by its own limits.
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Threads threads;

  SideBySide(Threads threads) {
    this.threads = threads;
  }

  /// Runs all branches, so that those that can end do end, before the first failure counts.
  ///
  /// @param name of their threads, which get a number each
  <T> List<T> run(String name, List<Callable<T>> branches) {
    var ended = new CountDownLatch(branches.size());
    List<FutureTask<T>> running = new ArrayList<>();
    for (Callable<T> branch : branches) {
      var task = new FutureTask<>(branch);
      running.add(task);
      threads.start(
          name + "-" + running.size(),
          () -> {
            task.run();
            ended.countDown();
          });
    }
    awaitAll(ended);
    return joined(running);
  }

  private void awaitAll(CountDownLatch ended) {
    try {
      boolean all;
      do {
        all = threads.await(ended, LOOK);
      } while (!all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunStopped(LiveJob.StopCause.SHUTDOWN);
    }
  }

  private static <T> List<T> joined(List<FutureTask<T>> running) {
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (FutureTask<T> branch : running) {
      try {
        results.add(branch.get());
      } catch (ExecutionException e) {
        failure = failure != null ? failure : unwrapped(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RunStopped(LiveJob.StopCause.SHUTDOWN);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private static RuntimeException unwrapped(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }
}
