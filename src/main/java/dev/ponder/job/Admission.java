package dev.ponder.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What intake has to know of the thinking, answered by whoever does it.
public interface Admission {

  /// Settles which model thinks in which pipeline, and keeps the pipeline as it is now for as long
  /// as jobs are pinned to it. Runs in the transaction that stores the job.
  ///
  /// @throws JobProblem.InvalidSubmission for a name that is unknown
  /// @throws JobProblem.StorageFull if there is no room for another job
  Admitted admit(@Nullable String pipeline, @Nullable String model);

  /// @param timeout the longest deadline the pipeline allows
  record Admitted(String pipeline, String pipelineHash, String model, Duration timeout) {}
}
