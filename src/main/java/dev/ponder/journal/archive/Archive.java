package dev.ponder.journal.archive;

import dev.ponder.job.JobProblem;
import dev.ponder.journal.Fault;
import dev.ponder.journal.JournalSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/// Jobs that have been over for long, out of the tables that running jobs work on: thoughts,
/// chunks and journal of a job become a few rows of bytes, in one transaction, and come back the
/// same way. The job's own row stays, so that it is found and listed as before.
///
/// Both begin by locking that row and looking whether they are still due. However many nodes try,
/// or wake up late, a job is moved once.
@Component
public class Archive {

  private static final Logger log = LoggerFactory.getLogger(Archive.class);

  private static final TypeReference<ArchivedJob> JOB = new TypeReference<>() {};
  private static final TypeReference<List<ArchivedJob.Text>> TEXTS = new TypeReference<>() {};

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final ArchiveParts parts;
  private final ArchivableRows hot;
  private final InstantSource time;

  public Archive(
      JdbcTemplate jdbc, DataSource database, JournalSettings settings, InstantSource time) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.parts = new ArchiveParts(jdbc);
    this.hot = new ArchivableRows(jdbc, settings.packFrom());
    this.time = time;
  }

  /// A job that may be archived, and where the search for the next ones goes on.
  public record Due(UUID job, Instant finishedAt) {
    /// Before all jobs.
    public static final Due FIRST = new Due(new UUID(0, 0), Instant.EPOCH);
  }

  /// The next jobs that were over, and not restored, since `before`. Oldest first, after `last`.
  public List<Due> due(Instant before, Due last, int limit) {
    OffsetDateTime at = at(last.finishedAt());
    return jdbc.query(
        """
        select id, finished_at from job
        where archived_at is null and finished_at < ? and (restored_at is null or restored_at < ?)
          and (finished_at > ? or (finished_at = ? and id > ?))
        order by finished_at, id limit ?
        """,
        (row, n) ->
            new Due(
                row.getObject("id", UUID.class),
                row.getObject("finished_at", OffsetDateTime.class).toInstant()),
        at(before),
        at(before),
        at,
        at,
        last.job(),
        limit);
  }

  /// Archives a job that is over, and goes on if that cannot be: the job stays as it is, which is
  /// logged. False if it was not archived.
  public boolean isArchived(Due due) {
    try {
      return archive(due.job());
    } catch (JobProblem.Damaged damaged) {
      log.error("Not archived: {}", damaged.getMessage());
      return false;
    } catch (Throwable failure) {
      if (!Fault.isOfOne(failure)) {
        throw failure;
      }
      log.error("Job {} is not archived: {}", due.job(), Fault.named(failure));
      return false;
    }
  }

  /// Archives a job that is over. False if there was nothing to do any more.
  ///
  /// @throws JobProblem.Damaged if an original is not what was put away; then all stays as it is
  public boolean archive(UUID job) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              if (!isLocked(job, "finished_at is not null and archived_at is null")) {
                return false;
              }
              var whole = hot.read(job);
              long bytes =
                  parts.write(job, ArchiveParts.INDEX, whole.job())
                      + parts.write(job, ArchiveParts.TEXTS, whole.texts());
              hot.remove(job);
              jdbc.update(
                  "update job set archived_at = ?, archived_tokens = ?, stored = stored + ? where id = ?",
                  at(time.instant()),
                  whole.job().tokens(),
                  bytes,
                  job);
              return true;
            }));
  }

  /// Brings a job back to where it was; does nothing if it is there.
  ///
  /// @throws JobProblem.Damaged if the archive is not what was put away; then all stays as it is
  public void restore(UUID job) {
    transaction.executeWithoutResult(
        status -> {
          if (!isLocked(job, "archived_at is not null")) {
            return;
          }
          ArchivedJob index = parts.read(job, ArchiveParts.INDEX, JOB);
          hot.write(job, index, parts.read(job, ArchiveParts.TEXTS, TEXTS));
          jdbc.update(
              "update job set archived_at = null, archived_tokens = null, restored_at = ?, stored = stored - ? where id = ?",
              at(time.instant()),
              parts.remove(job),
              job);
        });
  }

  private boolean isLocked(UUID job, String due) {
    return !jdbc.queryForList(
            "select id from job where id = ? and " + due + " for update", UUID.class, job)
        .isEmpty();
  }

  /// What the archive has of a job besides its texts, if the job is there.
  ///
  /// @throws JobProblem.Damaged if it is not what was put away
  Optional<ArchivedJob> find(UUID job) {
    return Optional.ofNullable(parts.read(job, ArchiveParts.INDEX, JOB));
  }

  /// The texts of a job's thoughts, in the order in which the index has the thoughts.
  ///
  /// @throws JobProblem.Damaged if they are not what was put away
  Optional<List<ArchivedJob.Text>> texts(UUID job) {
    return Optional.ofNullable(parts.read(job, ArchiveParts.TEXTS, TEXTS));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
