package dev.ponder.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a job is, as whoever thinks about it sees it.
///
/// @param percent 0 to 100 of the tokens it may still need; 100 only when it is over
/// @param tokens written so far in all thoughts, those not yet durable included
/// @param tokensPerSecond of all running branches together, over the last seconds; 0 when none runs
/// @param eta how long it may still take, or null when nothing can be said yet
/// @param heartbeatAt when the run last showed that it lives, or null if it never ran
public record JobProgress(
    double percent,
    long tokens,
    double tokensPerSecond,
    @Nullable Duration eta,
    @Nullable Instant heartbeatAt,
    List<StageProgress> stages,
    List<Resume> resumes) {

  public JobProgress withTokens(long counted) {
    return new JobProgress(percent, counted, tokensPerSecond, eta, heartbeatAt, stages, resumes);
  }

  /// One stage. `status` is `pending`, `running`, `completed` or `skipped`.
  ///
  /// @param budget tokens that one thought of this stage may write
  /// @param conclusion what it came to, once it did and if the pipeline reveals it
  public record StageProgress(
      String name,
      String status,
      long tokens,
      int budget,
      @Nullable String conclusion,
      List<BranchProgress> branches) {}

  /// One branch of a stage. `status` is `pending`, `running` or `completed`.
  ///
  /// @param number from 1
  /// @param withOriginals whether it does the stage again, with the originals of thoughts that the
  ///     one before it had read summaries of
  public record BranchProgress(
      int number,
      String status,
      long tokens,
      double tokensPerSecond,
      boolean forcedClose,
      boolean withOriginals) {}

  /// A running thought went on after an interruption.
  ///
  /// @param tokensKept tokens of the thought that were durable, and were not decoded again
  /// @param tokensAgain tokens that were decoded again at most: exact when the service lived
  ///     through the interruption, else the limit of what a chunk can hold
  /// @param from what it continues from: `ids`, `text`, or `beginning`
  /// @param model that goes on with it, or null if that is not known
  /// @param because why that is not the job's own, or null if it is
  public record Resume(
      Instant at,
      String stage,
      int branch,
      int tokensKept,
      int tokensAgain,
      String from,
      @Nullable String model,
      @Nullable String because) {}
}
