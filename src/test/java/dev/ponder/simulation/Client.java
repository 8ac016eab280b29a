package dev.ponder.simulation;

import dev.ponder.job.Job;
import dev.ponder.job.JobProblem;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody who wants an answer: submits a job, asks how it is, resumes it, and sometimes loses
/// interest.
final class Client {

  private final Baton baton;
  private final Trace trace;
  private final Odds odds;
  private final Cluster cluster;
  private final Invariants invariants;
  private final Set<UUID> cancelled;
  private final int number;
  private final long seed;

  Client(
      Baton baton,
      Trace trace,
      Odds odds,
      Cluster cluster,
      Invariants invariants,
      Set<UUID> cancelled,
      int number,
      long seed) {
    this.baton = baton;
    this.trace = trace;
    this.odds = odds;
    this.cluster = cluster;
    this.invariants = invariants;
    this.cancelled = cancelled;
    this.number = number;
    this.seed = seed;
  }

  void live() {
    baton.waitFor(null, Duration.ofMillis(odds.between(0, 8000)));
    UUID job = submit();
    if (job == null) {
      return;
    }
    int patience = odds.between(0, 8);
    boolean deletes = odds.chance(0.5);
    boolean losesInterest = odds.chance(0.25);
    boolean resumes = odds.chance(0.8);
    for (int i = 0; i < 60; i++) {
      baton.waitFor(null, Duration.ofMillis(odds.between(100, 2500)));
      if (losesInterest && i >= patience) {
        leave(job, deletes);
        return;
      }
      if (isOver(job, resumes)) {
        lookBack(job);
        return;
      }
    }
  }

  /// Some come back later, and want a job out of the archive.
  private void lookBack(UUID job) {
    if (odds.chance(0.5)) {
      return;
    }
    baton.waitFor(null, Duration.ofMillis(odds.between(1000, 30_000)));
    Job restored = cluster.ask(node -> node.desk().restore(job));
    say(restored == null ? "wants it back" : "has it back");
  }

  private @Nullable UUID submit() {
    long deadline = odds.between(12, 90);
    var submission = new Submission("How much is it?", null, null, deadline, seed, Map.of());
    String key = "key-" + number;
    for (int tries = 0; tries < 20; tries++) {
      var accepted = cluster.ask(node -> node.intake().accept(submission, key));
      if (accepted != null) {
        UUID id = accepted.job().id();
        say("is told of job " + (id.getLeastSignificantBits() & 0xffff));
        invariants.accepted(id);
        return id;
      }
      baton.waitFor(null, Duration.ofMillis(odds.between(10, 2000)));
    }
    return null;
  }

  private boolean isOver(UUID id, boolean resumes) {
    Job job = cluster.ask(node -> node.desk().find(id));
    if (job == null) {
      return false;
    }
    if (job.status() == JobStatus.PAUSED && resumes) {
      resume(id);
    }
    return job.status().isFinal();
  }

  void resume(UUID id) {
    try {
      cluster.ask(node -> node.desk().resume(id));
      say("resumes");
    } catch (JobProblem.WrongStatus moved) {
      say(moved.getMessage());
    }
  }

  private void leave(UUID id, boolean deletes) {
    say(deletes ? "deletes" : "cancels");
    cancelled.add(id);
    if (deletes) {
      invariants.perhapsDeleted(id);
    }
    for (int tries = 0; tries < 3; tries++) {
      try {
        Boolean done =
            cluster.ask(
                node -> {
                  if (deletes) {
                    node.desk().delete(id);
                  } else {
                    node.desk().cancel(id);
                  }
                  return true;
                });
        if (done != null) {
          return;
        }
      } catch (JobProblem.WrongStatus | JobProblem.UnknownJob over) {
        return;
      }
      baton.waitFor(null, Duration.ofMillis(odds.between(10, 2000)));
    }
  }

  private void say(String what) {
    trace.line(baton.nanos(), "client" + number, what);
  }
}
