package dev.ponder.job;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a client can get wrong, or has to wait for. The message is a whole explanation: what
/// happened, to which thing, against which limit, and what to do next.
public abstract sealed class JobProblem extends RuntimeException {

  private JobProblem(String message) {
    super(message);
  }

  /// A field of the submission is not acceptable.
  public static final class InvalidSubmission extends JobProblem {
    private final String field;
    private final List<String> accepted;

    public InvalidSubmission(String field, String message) {
      this(field, message, List.of());
    }

    public InvalidSubmission(String field, String message, List<String> accepted) {
      super(message);
      this.field = field;
      this.accepted = List.copyOf(accepted);
    }

    public String field() {
      return field;
    }

    /// The values that would be accepted, if they can be listed.
    public List<String> accepted() {
      return accepted;
    }
  }

  /// There is no such job.
  public static final class UnknownJob extends JobProblem {
    public UnknownJob(String id) {
      super(
          "There is no job '%s': it was never accepted here, or it was deleted. GET /v1/jobs lists the jobs there are."
              .formatted(id));
    }
  }

  /// The job is in a status that does not allow what was asked.
  public static final class WrongStatus extends JobProblem {
    private final JobStatus status;

    WrongStatus(UUID job, String wanted, JobStatus status, String next) {
      super("Job %s cannot be %s because it is %s. %s".formatted(job, wanted, status.key(), next));
      this.status = status;
    }

    public JobStatus status() {
      return status;
    }
  }

  /// Too many jobs wait.
  public static final class Refused extends JobProblem {
    private final int limit;
    private final Duration retryAfter;

    Refused(long waiting, int limit, Duration retryAfter) {
      super(
          "Job refused: %d %s waiting and the limit is %d (ponder.jobs.waiting-max). Try again in %d s."
              .formatted(
                  waiting, waiting == 1 ? "job is" : "jobs are", limit, retryAfter.toSeconds()));
      this.limit = limit;
      this.retryAfter = retryAfter;
    }

    public int limit() {
      return limit;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /// There is no room for more.
  public static final class StorageFull extends JobProblem {
    private final long limit;

    /// @param stored bytes, and so many may be
    public StorageFull(long stored, long limit) {
      super(
          "Refused: %d bytes are stored and the limit is %d (ponder.storage.total-max). Nothing is lost. Delete jobs with DELETE /v1/jobs/{id}, have old ones deleted (ponder.retention.delete-after), or raise the limit."
              .formatted(stored, limit));
      this.limit = limit;
    }

    public long limit() {
      return limit;
    }
  }

  /// What the database gives back is not what was put away. It is said instead of handed out.
  public static final class Damaged extends JobProblem {

    /// @param what such as `original of thought synthesis.1.1`
    public Damaged(UUID job, String what, String facts) {
      super(
          "The %s of job %s is damaged. %s. It is not handed out: bring it back from a backup of the database."
              .formatted(what, job, facts));
    }
  }

  /// The idempotency key was used with another payload.
  public static final class KeyReused extends JobProblem {
    private final @Nullable UUID job;

    KeyReused(String key, @Nullable UUID job) {
      super(
          "The idempotency key '%s' belongs to job %s, which was submitted with another payload. Send the same payload again, or use a new key."
              .formatted(key, job));
      this.job = job;
    }

    public @Nullable UUID job() {
      return job;
    }
  }
}
