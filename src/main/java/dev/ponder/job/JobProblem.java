package dev.ponder.job;

import dev.ponder.web.Problem;
import dev.ponder.web.ProblemType;
import dev.ponder.web.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// What a client can get wrong, or has to wait for. The message is a whole explanation: what
/// happened, to which thing, against which limit, and what to do next.
public abstract sealed class JobProblem extends Refusal {

  private JobProblem(Problem problem) {
    super(problem);
  }

  /// A field of the submission is not acceptable.
  public static final class InvalidSubmission extends JobProblem {

    public InvalidSubmission(String field, String message) {
      this(field, message, List.of());
    }

    /// @param accepted the values that would be accepted, if they can be listed
    public InvalidSubmission(String field, String message, List<String> accepted) {
      super(Problem.of(ProblemType.INVALID_REQUEST, message).field(field).accepted(accepted));
    }
  }

  /// There is no such job.
  public static final class UnknownJob extends JobProblem {
    public UnknownJob(String id) {
      super(
          Problem.of(
              ProblemType.UNKNOWN_JOB,
              "There is no job '%s': it was never accepted here, or it was deleted. GET /v1/jobs lists the jobs there are."
                  .formatted(id)));
    }
  }

  /// The job is in a status that does not allow what was asked.
  public static final class WrongStatus extends JobProblem {

    WrongStatus(UUID job, String wanted, JobStatus status, String next) {
      super(
          Problem.of(
                  ProblemType.WRONG_STATUS,
                  "Job %s cannot be %s because it is %s. %s"
                      .formatted(job, wanted, status.key(), next))
              .found(status.key()));
    }
  }

  /// Too many jobs wait.
  public static final class Refused extends JobProblem {

    Refused(long waiting, int limit, Duration retryAfter) {
      super(
          Problem.of(
                  ProblemType.JOB_REFUSED,
                  "Job refused: %d %s waiting and the limit is %d (ponder.jobs.waiting-max). Try again in %d s."
                      .formatted(
                          waiting,
                          waiting == 1 ? "job is" : "jobs are",
                          limit,
                          retryAfter.toSeconds()))
              .limit(limit)
              .header(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds())));
    }
  }

  /// There is no room for more.
  public static final class StorageFull extends JobProblem {

    /// @param stored bytes, and so many may be
    public StorageFull(long stored, long limit) {
      super(
          Problem.of(
                  ProblemType.STORAGE_FULL,
                  "Refused: %d bytes are stored and the limit is %d (ponder.storage.total-max). Nothing is lost. Delete jobs with DELETE /v1/jobs/{id}, have old ones deleted (ponder.retention.delete-after), or raise the limit."
                      .formatted(stored, limit))
              .limit(limit));
    }
  }

  /// What the database gives back is not what was put away. It is said instead of handed out.
  public static final class Damaged extends JobProblem {

    /// @param what such as `original of thought synthesis.1.1`
    public Damaged(UUID job, String what, String facts) {
      super(
          Problem.of(
              ProblemType.DAMAGED_ORIGINAL,
              "The %s of job %s is damaged. %s. It is not handed out: bring it back from a backup of the database."
                  .formatted(what, job, facts)));
    }
  }

  /// The idempotency key was used with another payload.
  public static final class KeyReused extends JobProblem {

    KeyReused(String key, @Nullable UUID job) {
      super(
          Problem.of(
                  ProblemType.IDEMPOTENCY_KEY_REUSED,
                  "The idempotency key '%s' belongs to job %s, which was submitted with another payload. Send the same payload again, or use a new key."
                      .formatted(key, job))
              .field("Idempotency-Key"));
    }
  }
}
