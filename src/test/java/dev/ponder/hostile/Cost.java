package dev.ponder.hostile;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// What work costs its thread. Time on a processor, so that a busy machine changes little, and the
/// least of some tries, so that a compiler or a collector changes little.
public final class Cost {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int TRIES = 3;

  private Cost() {}

  /// How many times as much the one costs as the other. What takes the square of ten thousand
  /// entries costs some thousand times as much as what does not.
  public static double ratio(Runnable hostile, Runnable harmless) {
    double ordinary = nanos(harmless);
    return nanos(hostile) / Math.max(1_000_000, ordinary);
  }

  private static double nanos(Runnable work) {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long before = THREADS.getCurrentThreadCpuTime();
      work.run();
      least = Math.min(least, THREADS.getCurrentThreadCpuTime() - before);
    }
    return least;
  }
}
