package dev.ponder.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Closes a stream that has been silent for too long, so that whoever reads it gets an exception:
/// Java's HTTP client waits for the bytes of a body without a limit.
final class SilenceWatch implements AutoCloseable {

  private final InputStream stream;
  private final long limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition over = lock.newCondition();
  private volatile long last = System.nanoTime();
  private boolean closed;

  SilenceWatch(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limit = limit.toNanos();
    Thread.ofVirtual().name("silence-watch").start(this::watch);
  }

  void heard() {
    last = System.nanoTime();
  }

  private void watch() {
    lock.lock();
    try {
      long left = limit;
      while (!closed && left > 0) {
        over.awaitNanos(left);
        left = last + limit - System.nanoTime();
      }
      if (!closed) {
        stream.close();
      }
    } catch (IOException | InterruptedException e) {
      // The reader hears of it by itself.
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      over.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
