package dev.ponder.simulation;

import dev.ponder.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The rows of the jobs: none is lost, and none moves where it may not.
final class JobRows {

  private static final Map<JobStatus, Set<JobStatus>> LEGAL = legal();

  private final Verdict verdict;
  private final PreparedStatement all;
  private final Map<UUID, Seen> jobs = new LinkedHashMap<>();
  private final Set<UUID> perhapsDeleted = new HashSet<>();

  JobRows(Verdict verdict, Connection database) throws SQLException {
    this.verdict = verdict;
    all =
        database.prepareStatement(
            "select id, status, epoch, paused_because, failure, deadline, finished_at, answer_text, seed, archived_at"
                + " from job order by created_at, id");
  }

  private static Map<JobStatus, Set<JobStatus>> legal() {
    var legal = new EnumMap<JobStatus, Set<JobStatus>>(JobStatus.class);
    legal.put(JobStatus.QUEUED, Set.of(JobStatus.RUNNING, JobStatus.CANCELLED));
    legal.put(
        JobStatus.RUNNING,
        Set.of(JobStatus.PAUSED, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED));
    legal.put(JobStatus.PAUSED, Set.of(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.CANCELLED));
    for (JobStatus end : List.of(JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)) {
      legal.put(end, Set.of());
    }
    return legal;
  }

  Map<UUID, Seen> seen() {
    return jobs;
  }

  /// A client asked for it to be deleted.
  void perhapsDeleted(UUID job) {
    perhapsDeleted.add(job);
  }

  void requireThatItIsThere(UUID job) {
    verdict.require(jobs.containsKey(job) || perhapsDeleted.contains(job), "Job %s is lost", job);
  }

  void look() throws SQLException {
    Set<UUID> there = new HashSet<>();
    try (ResultSet row = all.executeQuery()) {
      while (row.next()) {
        UUID id = row.getObject(1, UUID.class);
        there.add(id);
        look(id, jobs.computeIfAbsent(id, fresh -> new Seen()), row);
      }
    }
    for (UUID gone : jobs.keySet().stream().filter(id -> !there.contains(id)).toList()) {
      verdict.require(perhapsDeleted.contains(gone), "Job %s is lost", gone);
      jobs.remove(gone);
    }
  }

  private void look(UUID id, Seen seen, ResultSet row) throws SQLException {
    JobStatus status = JobStatus.valueOf(row.getString(2));
    long epoch = row.getLong(3);
    if (status != seen.status || epoch != seen.epoch) {
      verdict.say(id, "%s, epoch %d".formatted(status.key(), epoch));
    }
    verdict.require(
        status == seen.status || LEGAL.get(seen.status).contains(status),
        "Job %s went from %s to %s",
        id,
        seen.status,
        status);
    verdict.require(epoch >= seen.epoch, "The epoch of job %s went back to %d", id, epoch);
    boolean claimed = status == JobStatus.RUNNING && seen.status != JobStatus.RUNNING;
    verdict.require(
        !claimed || epoch > seen.epoch, "A claim of job %s left its epoch at %d", id, epoch);
    seen.status = status;
    seen.epoch = epoch;
    String paused = row.getString(4);
    seen.because = paused == null ? row.getString(5) : paused;
    verdict.require(
        seen.because == null || !seen.because.startsWith("A mistake in Ponder"),
        "Job %s met %s",
        id,
        seen.because);
    seen.deadline = row.getObject(6, OffsetDateTime.class).toInstant();
    var finished = row.getObject(7, OffsetDateTime.class);
    seen.finishedAt = finished == null ? null : finished.toInstant();
    seen.answered = row.getString(8) != null;
    seen.seed = row.getLong(9);
    seen.archived = row.getObject(10) != null;
    verdict.require(
        seen.answered == (status == JobStatus.COMPLETED),
        "Job %s is %s, answered: %s",
        id,
        status,
        seen.answered);
  }
}
