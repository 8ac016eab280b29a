package dev.ponder.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/// How the threads that carry jobs start, and how they wait. Whatever decides by time that it has
/// waited long enough asks here, so that a test can let hours pass in a moment, and can say which
/// of two threads comes first.
///
/// Locks that are held for a moment need no such care. A thread that waits here, or for the
/// database or an engine, holds none.
public interface Threads {

  /// Starts a thread for a piece of a job's work.
  void start(String name, Runnable work);

  /// Starts a thread for work that may compute for long, and that somebody waits for. Such work
  /// takes turns with all other threads, however many processors there are: on a virtual thread it
  /// would keep its processor, and whoever waits for its end could not be woken.
  Working startWork(Runnable work);

  /// A thread that works.
  interface Working {

    /// Asks it to end: its waits do at once.
    void interrupt();
  }

  /// Starts a thread that lives as long as the service, and does not share its processor time with
  /// the work.
  void startService(String name, Runnable work);

  /// Nanoseconds since some moment. They only grow, whatever happens to the clock on the wall.
  long nanos();

  /// Waits until the latch is open; false if that takes longer than `atMost`.
  boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException;

  /// Waits for permits and takes them; false if that takes longer than `atMost`.
  boolean acquire(Semaphore semaphore, int permits, Duration atMost) throws InterruptedException;

  /// Waits for no longer than `time`. An interrupt ends it early and stays set.
  void pause(Duration time);

  /// The threads and the time of the Java platform.
  static Threads ofThePlatform() {
    return new PlatformThreads();
  }
}
