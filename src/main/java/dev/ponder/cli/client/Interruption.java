package dev.ponder.cli.client;

import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What happens on Ctrl-C or SIGTERM while a command watches a job. The JVM itself then ends with
/// 130 or 143; we only use the time before that.
public final class Interruption implements AutoCloseable {

  /// Longer than the last words can take (they may include stopping a service).
  private static final long END_SECONDS = 60;

  private final Thread hook;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  private Interruption(Runnable lastWords) {
    hook =
        Thread.ofPlatform()
            .name("interrupted")
            .unstarted(
                () -> {
                  interrupted.countDown();
                  lastWords.run();
                });
  }

  public static Interruption endsWith(Runnable lastWords) {
    Interruption interruption = new Interruption(lastWords);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /// Lets some time pass between two looks at the service.
  void pause(long millis) {
    try {
      if (interrupted.await(millis, TimeUnit.MILLISECONDS)) {
        holdIfInterrupted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(Exit.INTERRUPTED, "Interrupted while watching the job.");
    }
  }

  /// Keeps the watching thread quiet while the last words are said: whatever it would report now (a
  /// service that stops answering, for one) is only a consequence.
  public void holdIfInterrupted() {
    if (interrupted.getCount() > 0) {
      return;
    }
    try {
      if (!new CountDownLatch(1).await(END_SECONDS, TimeUnit.SECONDS)) {
        throw new CommandFailed(Exit.INTERRUPTED, "Interrupted.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    holdIfInterrupted();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      holdIfInterrupted();
    }
  }
}
