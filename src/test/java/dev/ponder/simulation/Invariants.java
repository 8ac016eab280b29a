package dev.ponder.simulation;

import dev.ponder.job.JobStatus;
import dev.ponder.memory.ThoughtKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/// What has to be so after each commit, and at the end. Looks at the committed rows themselves, by
/// a connection of its own.
final class Invariants {

  private final Verdict verdict;
  private final JobRows jobs;
  private final ThinkingRows thinking;
  private final ArchiveRows archive;
  private final Set<UUID> accepted = new HashSet<>();
  private int checks;

  Invariants(Baton baton, Trace trace, Connection database, int chunkTokens) throws SQLException {
    verdict = new Verdict(baton, trace);
    jobs = new JobRows(verdict, database);
    thinking = new ThinkingRows(verdict, database, chunkTokens);
    archive = new ArchiveRows(verdict, database);
  }

  void knows(long seed, Map<ThoughtKey, Script> itsScripts) {
    thinking.knows(seed, itsScripts);
  }

  /// The client has its 202.
  void accepted(UUID job) {
    accepted.add(job);
    verdict.require(jobs.seen().containsKey(job), "Job %s was accepted and is not there", job);
  }

  /// A client asked for it to be deleted.
  void perhapsDeleted(UUID job) {
    jobs.perhapsDeleted(job);
  }

  long epochOf(UUID job) {
    Seen seen = jobs.seen().get(job);
    return seen == null ? 0 : seen.epoch;
  }

  Map<UUID, Seen> jobs() {
    return jobs.seen();
  }

  int checks() {
    return checks;
  }

  boolean allOver() {
    return jobs.seen().values().stream().allMatch(job -> job.status.isFinal());
  }

  /// Whether the holder of the job's lease has to know that the thought is finished.
  boolean isFinished(Script script) {
    Seen seen = jobs.seen().get(Baton.current().job);
    return seen != null
        && seen.epoch == Baton.current().epoch
        && seen.finished.containsKey(script.key());
  }

  /// Whether another owner has the job of the current task.
  boolean isStale() {
    UUID job = Baton.current().job;
    return job != null && Baton.current().epoch < epochOf(job);
  }

  void committed(WrittenTables written) {
    checks++;
    try {
      look(written);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void look(WrittenTables written) throws SQLException {
    Task writer = Baton.current();
    if (written.job) {
      jobs.look();
    }
    UUID job = writer.job;
    if (job == null && written.isKept()) {
      lookAtWhatTheSweepDid();
    }
    Seen seen = job == null ? null : jobs.seen().get(job);
    if (job == null || seen == null) {
      return;
    }
    boolean changed = written.journal && thinking.lookAtJournal(job, seen);
    if (written.thought || written.chunk) {
      changed |= thinking.lookAtThoughts(job, seen);
      changed |= thinking.lookAtChunks(job, seen);
    }
    if (changed) {
      verdict.require(
          writer.epoch == seen.epoch,
          "A write under epoch %d was taken for job %s, whose epoch is %d",
          writer.epoch,
          job,
          seen.epoch);
    }
  }

  /// It says nothing new: wherever thoughts and lines lie now, they are those that were there.
  private void lookAtWhatTheSweepDid() throws SQLException {
    for (var each : jobs.seen().entrySet()) {
      UUID job = each.getKey();
      Seen seen = each.getValue();
      if (seen.archived) {
        archive.look(job, seen);
      } else {
        boolean changed =
            thinking.lookAtJournal(job, seen)
                | thinking.lookAtThoughts(job, seen)
                | thinking.lookAtChunks(job, seen);
        verdict.require(!changed, "The sweep has changed what job %s thought", job);
      }
    }
  }

  /// After everything has come to rest.
  ///
  /// @param calmFrom from when on nothing went wrong any more
  void atTheEnd(LongPredicate mayFail, Predicate<UUID> mayBeCancelled, Instant calmFrom) {
    for (UUID job : accepted) {
      jobs.requireThatItIsThere(job);
    }
    jobs.seen()
        .forEach(
            (id, seen) -> {
              verdict.require(seen.status.isFinal(), "Job %s is still %s", id, seen.status);
              verdict.require(
                  seen.status != JobStatus.FAILED || mayFail.test(seen.seed),
                  "Job %s failed: %s",
                  id,
                  seen.because);
              verdict.require(
                  seen.status != JobStatus.CANCELLED || mayBeCancelled.test(id),
                  "Job %s was cancelled by nobody",
                  id);
              verdict.require(
                  seen.status != JobStatus.COMPLETED
                      || seen.deadline.isBefore(calmFrom)
                      || !Objects.requireNonNull(seen.finishedAt).isAfter(seen.deadline),
                  "Job %s was answered at %s, and its deadline was %s",
                  id,
                  seen.finishedAt,
                  seen.deadline);
            });
  }
}
