package dev.ponder.housekeeping;

import dev.ponder.engine.EngineException;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Keeps the sweep out of the way of jobs. While jobs of its model run or wait, a generation that
/// took a time t is followed by a rest of t · (1 − share) / share, so that of any longer stretch of
/// time the model writes at most `share` for the sweep. A model with one sequence writes nothing
/// for it then, and what it is writing is broken off.
///
/// For one sweep, which works in one thread.
final class SweepThrottle {

  /// How often it is asked whether jobs are there: the answer is a count in the database.
  private static final Duration LOOK = Duration.ofMillis(250);

  private final double share;
  private final Threads threads;
  private final Predicate<String> hasJobs;
  private final BooleanSupplier stopped;
  // A stream can be closed by the alarm of its deadline.
  private volatile long restUntil;
  private long looked;
  private String lookedFor = "";
  private boolean busy;

  /// @param hasJobs whether jobs of a model run or wait, on whichever node
  /// @param stopped whether the sweep has to end
  SweepThrottle(double share, Threads threads, Predicate<String> hasJobs, BooleanSupplier stopped) {
    this.share = share;
    this.threads = threads;
    this.hasJobs = hasJobs;
    this.stopped = stopped;
    this.restUntil = threads.nanos();
  }

  /// Waits until the sweep may ask a model for something.
  ///
  /// @throws EngineException.Unavailable if that is not now
  void await(String model, int sequences, Duration atMost) {
    long end = threads.nanos() + atMost.toNanos();
    while (isBusy(model) && (mayNot(sequences) || threads.nanos() < restUntil)) {
      if (mayNot(sequences) || threads.nanos() >= end) {
        throw later(model);
      }
      goOn(model, Integer.MAX_VALUE);
      long left = Math.min(restUntil, end) - threads.nanos();
      threads.pause(Duration.ofNanos(Math.clamp(left, 0, LOOK.toNanos())));
    }
    goOn(model, sequences);
  }

  /// @throws EngineException.Unavailable if the sweep has to break off what a model writes for it
  void goOn(String model, int sequences) {
    if (stopped.getAsBoolean()) {
      throw new EngineException.Unavailable("The service stops.", null);
    }
    if (mayNot(sequences) && isBusy(model)) {
      throw later(model);
    }
  }

  /// A model has written for the sweep.
  void worked(Duration time) {
    double rest = share == 0 ? 0 : time.toNanos() * (1 - share) / share;
    restUntil = threads.nanos() + (long) rest;
  }

  private boolean mayNot(int sequences) {
    return share == 0 || sequences < 2;
  }

  private boolean isBusy(String model) {
    long now = threads.nanos();
    if (!model.equals(lookedFor) || now - looked >= LOOK.toNanos()) {
      busy = hasJobs.test(model);
      lookedFor = model;
      looked = now;
    }
    return busy;
  }

  private static EngineException.Unavailable later(String model) {
    return new EngineException.Unavailable(
        "Jobs of model '%s' come first; the sweep asks again next time.".formatted(model), null);
  }
}
