package dev.ponder.thinking;

import dev.ponder.engine.EngineException.Unavailable;
import dev.ponder.job.Waiting;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.thought.LiveJob;
import dev.ponder.thinking.thought.RunStopped;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How one run waits for an engine that is away: it keeps its lease, gives its place to another job
/// and says what it waits for. The wait is over when the engine has written something for it: until
/// then a try that fails is part of it, and the next one comes later. Used by the run's own thread,
/// but for the end of a wait.
final class EngineWait {

  private static final Logger log = LoggerFactory.getLogger(EngineWait.class);

  private final AwayEngines engines;
  private final Threads threads;
  private final InstantSource time;
  private final RunContext run;
  private final Places.Place place;

  private volatile AwayEngines.@Nullable Turn turn;
  private volatile @Nullable Waiting waiting;
  private int tries;

  EngineWait(
      AwayEngines engines,
      Threads threads,
      InstantSource time,
      RunContext run,
      Places.Place place) {
    this.engines = engines;
    this.threads = threads;
    this.time = time;
    this.run = run;
    this.place = place;
  }

  /// Waits until the engine is worth a try again.
  ///
  /// @param until when there is no time left to wait
  /// @return whether it is; else the time is up, and the run may have no place
  /// @throws RunStopped if the run was stopped meanwhile
  boolean isOver(Stage stage, Unavailable why, Instant until) {
    requireGoingOn();
    if (!time.instant().isBefore(until)) {
      return false;
    }
    String because = said(why);
    begin(stage, because, why.logged());
    Duration atLeast = why.retryAfter() == null ? Duration.ZERO : why.retryAfter();
    var mine =
        engines.await(run.job().id(), run.lineup().models(), run.live().bell(), tries++, atLeast);
    turn = mine;
    place.leave();
    boolean may = turnHasCome(mine, until) && placeIsThere(until);
    if (may) {
      run.live().whenItWrites(() -> wrote(stage));
    } else {
      mine.leave();
    }
    return may;
  }

  /// The run does something else than to try the engine again, or ends.
  void end() {
    run.live().whenItWrites(null);
    var mine = turn;
    if (mine != null) {
      mine.leave();
    }
  }

  private void begin(Stage stage, String because, String logged) {
    var before = turn;
    if (before != null) {
      before.failed();
    }
    Waiting known = waiting;
    if (known == null) {
      var begun = new Waiting(run.job().model(), because, time.instant());
      log.warn("Job {} waits in {}: {}", run.job().id(), stage.key(), logged);
      tries = 0;
      waiting = begun;
      run.journal().waits(stage, run.visitOf(stage), begun);
    } else if (!known.because().equals(because)) {
      var more = new Waiting(known.model(), because, known.since());
      waiting = more;
      run.journal().stillWaits(more);
    }
  }

  /// Called by the thread of the thought that got the first piece.
  private void wrote(Stage stage) {
    Waiting over = waiting;
    var mine = turn;
    if (mine != null) {
      mine.wrote();
    }
    if (over != null) {
      waiting = null;
      Duration waited = Duration.between(over.since(), time.instant());
      log.info("Job {} goes on in {} after {} s", run.job().id(), stage.key(), waited.toSeconds());
      run.journal()
          .goesOn(
              stage,
              run.visitOf(stage),
              "It waited for %.1f s.".formatted(waited.toMillis() / 1e3));
    }
  }

  private boolean turnHasCome(AwayEngines.Turn mine, Instant until) {
    Duration left = mine.left();
    while (left == null || !left.isZero()) {
      if (!listens(left, until)) {
        return false;
      }
      left = mine.left();
    }
    return true;
  }

  private boolean placeIsThere(Instant until) {
    place.ask();
    while (!place.held()) {
      if (!listens(null, until)) {
        return false;
      }
    }
    return true;
  }

  /// Waits for the bell, but not for longer than a time, if it is known. False when the time is up.
  private boolean listens(@Nullable Duration atMost, Instant until) {
    requireGoingOn();
    Duration left = Duration.between(time.instant(), until);
    if (!left.isPositive()) {
      return false;
    }
    try {
      threads.acquire(
          run.live().bell(), 1, atMost != null && atMost.compareTo(left) < 0 ? atMost : left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunStopped(LiveJob.StopCause.SHUTDOWN);
    }
    requireGoingOn();
    return true;
  }

  private void requireGoingOn() {
    var cause = run.live().stopped();
    if (cause.isPresent()) {
      throw new RunStopped(cause.get());
    }
  }

  /// What went wrong, without how often it was tried.
  private static String said(Unavailable why) {
    String message = String.valueOf(why.getMessage());
    return why.getCause() instanceof Unavailable inner && message.endsWith(said(inner))
        ? said(inner)
        : message;
  }
}
