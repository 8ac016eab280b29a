package dev.ponder.start;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends this process when the one that started it is gone. The parent holds the other end of our
/// standard input; the operating system closes it however the parent dies, `kill -9` included.
public final class ParentWatch {

  /// How long an orderly shutdown may take before the process is ended without one.
  private static final Duration ORDERLY = Duration.ofSeconds(20);

  private final InputStream fromParent;

  public ParentWatch(InputStream fromParent) {
    this.fromParent = fromParent;
  }

  public void start() {
    Thread.ofPlatform().daemon().name("parent-watch").start(this::watch);
  }

  private void watch() {
    try {
      fromParent.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // A broken pipe says the same as its end.
    }
    Thread.ofPlatform().daemon().name("parent-watch-limit").start(ParentWatch::endAtLast);
    System.exit(0);
  }

  private static void endAtLast() {
    try {
      if (!new CountDownLatch(1).await(ORDERLY.toSeconds(), TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
