package dev.ponder.job.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.ponder.job.Answer;
import dev.ponder.job.Job;
import dev.ponder.job.JobFacts;
import dev.ponder.job.JobProgress;
import dev.ponder.job.Waiting;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job as its client sees it. Every field is always there, null when there is nothing to say.
@Schema(name = "Job")
record JobView(
    UUID id,
    @JsonUnwrapped StandingView standing,
    String prompt,
    @JsonUnwrapped WishesView wishes,
    @JsonUnwrapped TimesView times,
    ProgressView progress,
    List<StageView> stages,
    @Nullable AnswerView answer,
    @Schema(description = "Each time a thought went on after an interruption.")
        List<ResumeView> resumes) {

  static JobView of(Job job, JobProgress progress, Map<String, String> metadata) {
    return new JobView(
        job.id(),
        StandingView.of(job),
        job.prompt(),
        WishesView.of(job, metadata),
        TimesView.of(job),
        ProgressView.of(progress),
        progress.stages().stream().map(StageView::of).toList(),
        job.answer().map(AnswerView::of).orElse(null),
        progress.resumes().stream().map(ResumeView::of).toList());
  }

  /// Where it stands, and what holds it up.
  record StandingView(
      @Schema(allowableValues = {"queued", "running", "paused", "completed", "failed", "cancelled"})
          String status,
      @Schema(
              description = "The stage it is in, or was in last.",
              allowableValues = {
                "initial_analysis",
                "deep_exploration",
                "synthesis",
                "verification",
                "final_output"
              })
          @Nullable String stage,
      @Schema(
              description =
                  "What it waits for, while it is running and cannot go on; it goes on by itself.")
          @Nullable WaitingView waitingFor,
      @Schema(description = "What stopped it, while it is paused.") @Nullable String pausedBecause,
      @Schema(description = "Why it failed, if it did.") @Nullable String failure) {

    static StandingView of(JobFacts job) {
      return new StandingView(
          job.status().key(),
          job.stage().orElse(null),
          job.waiting().map(WaitingView::of).orElse(null),
          job.pausedBecause().orElse(null),
          job.failure().orElse(null));
    }
  }

  /// What its client asked for beside the prompt, or got because it did not ask.
  record WishesView(String pipeline, String model, long seed, Map<String, String> metadata) {

    static WishesView of(JobFacts job, Map<String, String> metadata) {
      return new WishesView(job.pipeline(), job.model(), job.seed(), metadata);
    }
  }

  /// When what happened to it.
  record TimesView(
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Schema(description = "When what it thought went into the archive, while it is there.")
          @Nullable Instant archivedAt,
      @Schema(description = "An answer is there by then.") Instant deadline) {

    static TimesView of(JobFacts job) {
      return new TimesView(
          job.createdAt(),
          job.startedAt().orElse(null),
          job.finishedAt().orElse(null),
          job.archivedAt().orElse(null),
          job.deadline().at());
    }
  }

  /// How far the whole job is.
  @Schema(name = "Progress")
  record ProgressView(
      @Schema(minimum = "0", maximum = "100", description = "100 only once the job is over.")
          double percent,
      @Schema(minimum = "0", description = "Written so far, in all thoughts.") long tokens,
      @Schema(minimum = "0", description = "Of all running branches together.")
          double tokensPerSecond,
      @Schema(minimum = "0", description = "Null while nothing can be said yet.")
          @Nullable Double etaSeconds,
      @Schema(description = "When the run last showed that it lives.")
          @Nullable Instant heartbeatAt) {

    static ProgressView of(JobProgress progress) {
      Duration eta = progress.eta();
      return new ProgressView(
          progress.percent(),
          progress.tokens(),
          progress.tokensPerSecond(),
          eta == null ? null : eta.toMillis() / 1000.0,
          progress.heartbeatAt());
    }
  }

  /// One of the five stages.
  @Schema(name = "StageProgress")
  public record StageView(
      @Schema(
              allowableValues = {
                "initial_analysis",
                "deep_exploration",
                "synthesis",
                "verification",
                "final_output"
              })
          String name,
      @Schema(allowableValues = {"pending", "running", "completed", "skipped"}) String status,
      @Schema(minimum = "0") long tokens,
      @Schema(minimum = "0", description = "Tokens that one thought of it may write.") int budget,
      @Schema(description = "What it came to, if the pipeline reveals it.")
          @Nullable String conclusion,
      List<BranchView> branches) {

    public static StageView of(JobProgress.StageProgress stage) {
      return new StageView(
          stage.name(),
          stage.status(),
          stage.tokens(),
          stage.budget(),
          stage.conclusion(),
          stage.branches().stream().map(BranchView::of).toList());
    }
  }

  /// One line of thought.
  @Schema(name = "BranchProgress")
  public record BranchView(
      @Schema(minimum = "1") int number,
      @Schema(allowableValues = {"pending", "running", "completed"}) String status,
      @Schema(minimum = "0") long tokens,
      @Schema(minimum = "0") double tokensPerSecond,
      @Schema(description = "Whether it was closed because its budget ended.") boolean forcedClose,
      @Schema(
              description =
                  "Whether it is a verification that is done again, because the one before it did not confirm the candidate and had read summaries: this one reads the originals, and counts.")
          boolean withOriginals) {

    public static BranchView of(JobProgress.BranchProgress branch) {
      return new BranchView(
          branch.number(),
          branch.status(),
          branch.tokens(),
          branch.tokensPerSecond(),
          branch.forcedClose(),
          branch.withOriginals());
    }
  }

  /// What a running job waits for.
  @Schema(name = "WaitingFor")
  record WaitingView(
      @Schema(description = "What is away.", allowableValues = "engine") String what,
      @Schema(description = "The model whose engine it is.") String model,
      @Schema(description = "Why it is away, in the words of its server where it says something.")
          String reason,
      Instant since) {

    static WaitingView of(Waiting waiting) {
      return new WaitingView("engine", waiting.model(), waiting.because(), waiting.since());
    }
  }

  /// A thought went on after an interruption.
  @Schema(name = "Resume")
  record ResumeView(
      Instant at,
      @Schema(
              allowableValues = {
                "initial_analysis",
                "deep_exploration",
                "synthesis",
                "verification",
                "final_output"
              })
          String stage,
      @Schema(minimum = "1") int branch,
      @Schema(minimum = "0", description = "Durable tokens that were not decoded again.")
          int tokensKept,
      @Schema(minimum = "0", description = "Tokens that were decoded again, at most.")
          int tokensAgain,
      @Schema(
              description =
                  "What the thought continues from: its token ids, its text, or its beginning where the engine cannot go on with a text.",
              allowableValues = {"ids", "text", "beginning"})
          String from,
      @Schema(description = "The model that goes on with it; null if it was not recorded.")
          @Nullable String model,
      @Schema(description = "Why that is not the model of the job; null if it is.")
          @Nullable String because) {

    static ResumeView of(JobProgress.Resume resume) {
      return new ResumeView(
          resume.at(),
          resume.stage(),
          resume.branch(),
          resume.tokensKept(),
          resume.tokensAgain(),
          resume.from(),
          resume.model(),
          resume.because());
    }
  }

  /// What a job ends with.
  @Schema(name = "Answer")
  record AnswerView(
      String text,
      @Schema(minimum = "0", maximum = "1") double confidence,
      @Schema(
              description =
                  "Whether the confidence is how often such an agreement was right on problems whose answers are known, or an estimate.",
              allowableValues = {"measured", "estimated"})
          String confidenceBasis,
      @Schema(
              description =
                  "`none`: the job came to no answer. The text says so, and restsOn says why.",
              allowableValues = {"full", "partial", "none"})
          String completeness,
      @Schema(description = "What the confidence rests on.") String restsOn) {

    static AnswerView of(Answer answer) {
      return new AnswerView(
          answer.text(),
          answer.confidence(),
          answer.basis().name().toLowerCase(Locale.ROOT),
          answer.completeness().name().toLowerCase(Locale.ROOT),
          answer.restsOn());
    }
  }
}
