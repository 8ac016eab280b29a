package dev.ponder.thinking;

import dev.ponder.checkpoint.History;
import dev.ponder.checkpoint.JournalEntry;
import dev.ponder.checkpoint.Journals;
import dev.ponder.job.Job;
import dev.ponder.job.JobInsight;
import dev.ponder.job.JobProgress;
import dev.ponder.job.JobProgress.BranchProgress;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobProgress.StageProgress;
import dev.ponder.job.JobStatus;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import dev.ponder.stage.Switch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// How far a job is: what is durable, and on top of it what its branches are doing right now if
// they
/// run here.
@Component
class LiveInsight implements JobInsight {

  /// A job is interrupted a few times, not hundreds of times; the newest lines are what matters.
  private static final int MOST_RESUMES = 100;

  private final Journals journals;
  private final PinnedPipelines pipelines;
  private final Dispatcher dispatcher;
  private final InstantSource time;

  LiveInsight(
      Journals journals, PinnedPipelines pipelines, Dispatcher dispatcher, InstantSource time) {
    this.journals = journals;
    this.pipelines = pipelines;
    this.dispatcher = dispatcher;
    this.time = time;
  }

  @Override
  public JobProgress progress(Job job) {
    Pipeline pipeline = pipelines.pinned(job.pipelineHash());
    Optional<LiveJob> live = dispatcher.live(job.id());
    Map<ThoughtKey, Thought> finished =
        journals.thoughts(job.id()).stream()
            .collect(Collectors.toMap(Thought::key, Function.identity()));
    Map<ThoughtKey, History.Interrupted> interrupted = journals.interrupted(job.id());
    List<StageProgress> stages =
        Arrays.stream(Stage.values())
            .map(stage -> stage(job, pipeline, stage, finished, interrupted, live))
            .toList();
    long tokens = stages.stream().mapToLong(StageProgress::tokens).sum();
    double speed = stages.stream().mapToDouble(LiveInsight::speed).sum();
    double percent = percent(job, stages);
    return new JobProgress(
        percent,
        tokens,
        Math.round(speed * 10) / 10.0,
        eta(job, percent),
        live.map(LiveJob::heartbeat).orElse(lastHeartbeat(job)),
        stages,
        resumes(job));
  }

  private StageProgress stage(
      Job job,
      Pipeline pipeline,
      Stage stage,
      Map<ThoughtKey, Thought> finished,
      Map<ThoughtKey, History.Interrupted> interrupted,
      Optional<LiveJob> live) {
    StageConfig config = pipeline.stage(stage);
    int visit = stage == Stage.INITIAL_ANALYSIS ? 1 : job.visit();
    List<BranchProgress> branches = new ArrayList<>();
    String conclusion = null;
    int budget = config.maxTokens();
    for (int number = 1; number <= config.branches(); number++) {
      var key = new ThoughtKey(stage, visit, number);
      Thought done = finished.get(key);
      var now = live.map(LiveJob::thoughts).map(all -> all.get(key));
      if (done != null) {
        conclusion = done.conclusion();
        double shown = now.map(LiveJob.LiveThought::tokensPerSecond).orElse(0.0);
        branches.add(
            new BranchProgress(
                number, "completed", done.tokens(), rounded(shown), done.forcedClose()));
      } else if (now.isPresent()) {
        var thought = now.get();
        budget = thought.budget();
        branches.add(
            new BranchProgress(
                number,
                "running",
                thought.tokens(),
                rounded(thought.tokensPerSecond()),
                thought.isForcedClose()));
      } else {
        var kept = interrupted.get(key);
        branches.add(
            new BranchProgress(number, "pending", kept == null ? 0 : kept.tokens(), 0, false));
      }
    }
    long tokens =
        branches.stream().mapToLong(BranchProgress::tokens).sum() + earlier(finished, stage, visit);
    boolean reveal = pipeline.has(Switch.PROGRESSIVE_REVELATION) && config.branches() == 1;
    return new StageProgress(
        stage.key(),
        status(job, stage, branches),
        tokens,
        budget,
        reveal ? conclusion : null,
        branches);
  }

  /// Tokens of the visits before this one.
  private static long earlier(Map<ThoughtKey, Thought> finished, Stage stage, int visit) {
    return finished.values().stream()
        .filter(t -> t.key().stage() == stage && t.key().visit() < visit)
        .mapToLong(Thought::tokens)
        .sum();
  }

  private static String status(Job job, Stage stage, List<BranchProgress> branches) {
    boolean done = branches.stream().allMatch(b -> b.status().equals("completed"));
    if (done) {
      return "completed";
    }
    int reached = job.stage().flatMap(Stage::of).map(Stage::ordinal).orElse(-1);
    if (stage.ordinal() < reached || job.status() == JobStatus.COMPLETED) {
      return "skipped";
    }
    boolean here = stage.ordinal() == reached && job.status() == JobStatus.RUNNING;
    return here ? "running" : "pending";
  }

  private static double speed(StageProgress stage) {
    return stage.branches().stream()
        .filter(branch -> branch.status().equals("running"))
        .mapToDouble(BranchProgress::tokensPerSecond)
        .sum();
  }

  /// Each stage counts a fifth; a running one by the tokens of its furthest branch.
  private static double percent(Job job, List<StageProgress> stages) {
    if (job.status() == JobStatus.COMPLETED) {
      return 100;
    }
    double sum = 0;
    for (StageProgress stage : stages) {
      double part =
          switch (stage.status()) {
            case "completed", "skipped" -> 1;
            case "running" ->
                stage.branches().stream()
                    .mapToDouble(b -> Math.min(0.95, (double) b.tokens() / stage.budget()))
                    .average()
                    .orElse(0);
            default -> 0;
          };
      sum += part / stages.size();
    }
    return Math.round(Math.min(99.9, sum * 100) * 10) / 10.0;
  }

  /// By the pace so far, and never later than the deadline, which the run keeps.
  private @Nullable Duration eta(Job job, double percent) {
    if (job.status() != JobStatus.RUNNING || job.startedAt().isEmpty() || percent < 1) {
      return null;
    }
    double seconds = Duration.between(job.startedAt().get(), time.instant()).toMillis() / 1000.0;
    Duration byPace = Duration.ofMillis((long) (1000 * seconds * (100 - percent) / percent));
    Duration left = job.deadline().remaining(time);
    return byPace.compareTo(left) < 0 ? byPace : left;
  }

  private static @Nullable Instant lastHeartbeat(Job job) {
    return job.finishedAt().or(job::startedAt).orElse(null);
  }

  private List<Resume> resumes(Job job) {
    return journals.entries(job.id(), JournalEntry.Kind.THOUGHT_RESUMED, MOST_RESUMES).stream()
        .map(
            line ->
                new Resume(
                    line.at(),
                    line.stage(),
                    line.branch(),
                    line.tokens(),
                    line.again(),
                    line.note()))
        .toList();
  }

  private static double rounded(double speed) {
    return Math.round(speed * 10) / 10.0;
  }
}
