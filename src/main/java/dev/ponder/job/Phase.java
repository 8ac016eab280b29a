package dev.ponder.job;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a job is in its life: before, in and after its five stages. A [JobStatus] is what a client
/// sees of it.
public enum Phase {
  /// Not there yet.
  NEW(null),
  QUEUED(JobStatus.QUEUED),
  INITIAL_ANALYSIS(JobStatus.RUNNING),
  DEEP_EXPLORATION(JobStatus.RUNNING),
  SYNTHESIS(JobStatus.RUNNING),
  VERIFICATION(JobStatus.RUNNING),
  FINAL_OUTPUT(JobStatus.RUNNING),
  PAUSED(JobStatus.PAUSED),
  COMPLETED(JobStatus.COMPLETED),
  FAILED(JobStatus.FAILED),
  CANCELLED(JobStatus.CANCELLED);

  private final @Nullable JobStatus status;

  Phase(@Nullable JobStatus status) {
    this.status = status;
  }

  /// The phase of a job with this status.
  ///
  /// @param stage it is in, or was in last; null before its first
  static Phase of(JobStatus status, @Nullable String stage) {
    return status == JobStatus.RUNNING ? stage(stage) : valueOf(status.name());
  }

  /// The phase in which a job thinks that has come to this stage; a job that has come to none
  /// begins with the first.
  static Phase stage(@Nullable String stage) {
    return stage == null ? INITIAL_ANALYSIS : valueOf(stage.toUpperCase(Locale.ROOT));
  }

  /// What a client sees.
  public JobStatus status() {
    if (status == null) {
      throw new IllegalStateException("A job that is not there yet has no status");
    }
    return status;
  }

  /// Whether a run thinks in it.
  public boolean isStage() {
    return status == JobStatus.RUNNING;
  }

  /// Whether nothing follows.
  public boolean isFinal() {
    return status != null && status.isFinal();
  }

  /// The name in the journal and over HTTP: `deep_exploration`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
