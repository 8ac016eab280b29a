package dev.ponder.thinking;

import dev.ponder.job.Job;
import dev.ponder.job.JobFacts;
import dev.ponder.job.JobInsight;
import dev.ponder.job.JobProblem;
import dev.ponder.job.JobProgress;
import dev.ponder.job.JobProgress.BranchProgress;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobProgress.StageProgress;
import dev.ponder.job.JobStatus;
import dev.ponder.job.ListedJob;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.ResumeNote;
import dev.ponder.journal.archive.JobRecord;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.ThoughtSummary;
import dev.ponder.journal.archive.Thoughts;
import dev.ponder.journal.archive.Thoughts.Durable;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.routing.PinnedPipelines;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import dev.ponder.stage.Switch;
import dev.ponder.thinking.thought.LiveJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// How far a job is: what is durable, and on top of it what its branches are doing right now if
/// they run here.
@Component
class LiveInsight implements JobInsight {

  private static final Logger log = LoggerFactory.getLogger(LiveInsight.class);

  /// A job is interrupted a few times, not hundreds of times; the newest lines are what matters.
  private static final int MOST_RESUMES = 100;

  private final Records records;
  private final Thoughts thoughts;
  private final PinnedPipelines pipelines;
  private final RunningJobs running;
  private final InstantSource time;

  LiveInsight(
      Records records,
      Thoughts thoughts,
      PinnedPipelines pipelines,
      RunningJobs running,
      InstantSource time) {
    this.records = records;
    this.thoughts = thoughts;
    this.pipelines = pipelines;
    this.running = running;
    this.time = time;
  }

  @Override
  public JobProgress progress(Job job) {
    Optional<LiveJob> live = running.find(job.id());
    return progress(job, live, recorded(job, live.isPresent()));
  }

  @Override
  public Map<UUID, JobProgress> progress(Collection<ListedJob> jobs) {
    if (jobs.isEmpty()) {
      return Map.of();
    }
    Map<UUID, List<Durable>> durable =
        thoughts.durable(jobs.stream().map(JobFacts::id).toList()).stream()
            .collect(Collectors.groupingBy(Durable::job));
    Map<UUID, JobProgress> progress = new HashMap<>();
    for (ListedJob job : jobs) {
      progress.put(job.id(), progress(job, durable.getOrDefault(job.id(), List.of())));
    }
    return progress;
  }

  private JobProgress progress(ListedJob job, List<Durable> durable) {
    Long archived = durable.isEmpty() ? null : durable.getFirst().archivedTokens();
    if (archived == null && job.archivedAt().isPresent()) {
      // It was archived before its tokens were counted: its archive knows them.
      return progress(job, Optional.empty(), recorded(job, false));
    }
    Optional<LiveJob> live = running.find(job.id());
    Map<ThoughtKey, Integer> begun = new HashMap<>();
    List<ThoughtSummary> finished = new ArrayList<>();
    for (Durable thought : durable) {
      if (thought.tokens() != null && thought.finishedAt() == null) {
        begun.put(thought.key(), thought.tokens().intValue());
      } else if (thought.tokens() != null) {
        finished.add(new ThoughtSummary(thought.key(), thought.tokens().intValue(), "", false, 0));
      }
    }
    JobProgress progress = progress(job, live, new Recorded(finished, begun, List.of()));
    return archived == null ? progress : progress.withTokens(archived);
  }

  private JobProgress progress(JobFacts job, Optional<LiveJob> live, Recorded recorded) {
    Pipeline pipeline = pipelines.pinned(job.pipelineHash());
    var known =
        new Known(
            recorded.summaries().stream()
                .collect(Collectors.toMap(ThoughtSummary::key, Function.identity())),
            recorded.durable(),
            live.map(LiveJob::thoughts).orElse(Map.of()));
    List<StageProgress> stages =
        Arrays.stream(Stage.values()).map(stage -> stage(job, pipeline, stage, known)).toList();
    long tokens = stages.stream().mapToLong(StageProgress::tokens).sum();
    boolean waits = job.waiting().isPresent();
    double speed = waits ? 0 : stages.stream().mapToDouble(LiveInsight::speed).sum();
    double percent = percent(job, stages);
    return new JobProgress(
        percent,
        tokens,
        Math.round(speed * 10) / 10.0,
        waits ? null : eta(job, percent),
        live.map(LiveJob::heartbeat).orElse(lastHeartbeat(job)),
        stages,
        recorded.resumes());
  }

  /// What is known of a job's thoughts: those finished, the durable tokens of those interrupted,
  /// and those that are being written here.
  private record Known(
      Map<ThoughtKey, ThoughtSummary> finished,
      Map<ThoughtKey, Integer> durable,
      Map<ThoughtKey, LiveJob.LiveThought> live) {

    BranchProgress branch(ThoughtKey key) {
      ThoughtSummary done = finished.get(key);
      if (done != null) {
        return branch(key, "completed", done.tokens(), done.tokensPerSecond(), done.forcedClose());
      }
      var now = live.get(key);
      if (now != null) {
        // The end of a thought that is alone in its stage becomes durable with what follows it.
        String status = now.isDone() ? "completed" : "running";
        return branch(key, status, now.tokens(), now.tokensPerSecond(), now.isForcedClose());
      }
      return branch(key, "pending", durable.getOrDefault(key, 0), 0, false);
    }

    private static BranchProgress branch(
        ThoughtKey key, String status, int tokens, double speed, boolean forced) {
      boolean again =
          key.stage() == Stage.VERIFICATION && key.branch() == StageRunner.WITH_ORIGINALS;
      return new BranchProgress(
          key.branch(), status, tokens, Math.round(speed * 10) / 10.0, forced, again);
    }

    /// Those that the pipeline has, and a verification with the originals once there is one.
    List<ThoughtKey> branches(Stage stage, int visit, int configured) {
      int last =
          stage == Stage.VERIFICATION
                  && has(new ThoughtKey(stage, visit, StageRunner.WITH_ORIGINALS))
              ? StageRunner.WITH_ORIGINALS
              : configured;
      return IntStream.rangeClosed(1, last)
          .mapToObj(number -> new ThoughtKey(stage, visit, number))
          .toList();
    }

    private boolean has(ThoughtKey key) {
      return finished.containsKey(key) || live.containsKey(key) || durable.containsKey(key);
    }

    /// What a stage came to; of two verifications the second counts.
    @Nullable String conclusion(List<ThoughtKey> keys) {
      return keys.stream()
          .flatMap(key -> Stream.ofNullable(finished.get(key)))
          .reduce((before, last) -> last)
          .map(ThoughtSummary::conclusion)
          .orElse(null);
    }

    /// Tokens of the visits before this one.
    long earlier(Stage stage, int visit) {
      return finished.values().stream()
          .filter(t -> t.key().stage() == stage && t.key().visit() < visit)
          .mapToLong(ThoughtSummary::tokens)
          .sum();
    }
  }

  private static StageProgress stage(JobFacts job, Pipeline pipeline, Stage stage, Known known) {
    StageConfig config = pipeline.stage(stage);
    int visit = stage == Stage.INITIAL_ANALYSIS ? 1 : job.visit();
    List<ThoughtKey> keys = known.branches(stage, visit, config.branches());
    List<BranchProgress> branches = keys.stream().map(known::branch).toList();
    int budget =
        keys.stream()
            .flatMap(key -> Stream.ofNullable(known.live().get(key)))
            .mapToInt(LiveJob.LiveThought::budget)
            .findFirst()
            .orElse(config.maxTokens());
    boolean reveal = pipeline.has(Switch.PROGRESSIVE_REVELATION) && config.branches() == 1;
    String status = status(job, stage, branches, config.branches());
    return new StageProgress(
        stage.key(),
        status,
        branches.stream().mapToLong(BranchProgress::tokens).sum() + known.earlier(stage, visit),
        budget,
        reveal && status.equals("completed") ? known.conclusion(keys) : null,
        branches);
  }

  private static String status(
      JobFacts job, Stage stage, List<BranchProgress> branches, int configured) {
    int reached = reached(job);
    boolean over = stage.ordinal() < reached || job.status() == JobStatus.COMPLETED;
    // A second verification that was broken off for an answer leaves the first one as it is.
    List<BranchProgress> needed = over ? branches.subList(0, configured) : branches;
    if (needed.stream().allMatch(branch -> branch.status().equals("completed"))) {
      return "completed";
    }
    if (over) {
      return "skipped";
    }
    boolean here = stage.ordinal() == reached && job.status() == JobStatus.RUNNING;
    return here ? "running" : "pending";
  }

  /// The place of the stage that a job is in, or was in last; -1 before the first.
  private static int reached(JobFacts job) {
    return job.stage().flatMap(Stage::of).map(Stage::ordinal).orElse(-1);
  }

  private static double speed(StageProgress stage) {
    return stage.branches().stream()
        .filter(branch -> branch.status().equals("running"))
        .mapToDouble(BranchProgress::tokensPerSecond)
        .sum();
  }

  /// Each stage counts a fifth; a running one by the tokens of its branches. Of a job that ended
  /// without an answer those count that it had left behind: its row says so without its thoughts.
  private static double percent(JobFacts job, List<StageProgress> stages) {
    if (job.status() == JobStatus.COMPLETED) {
      return 100;
    }
    if (job.status().isFinal()) {
      return Math.max(0, reached(job)) * 100.0 / stages.size();
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
  private @Nullable Duration eta(JobFacts job, double percent) {
    if (job.status() != JobStatus.RUNNING || job.startedAt().isEmpty() || percent < 1) {
      return null;
    }
    double seconds = Duration.between(job.startedAt().get(), time.instant()).toMillis() / 1000.0;
    Duration byPace = Duration.ofMillis((long) (1000 * seconds * (100 - percent) / percent));
    Duration left = job.deadline().remaining(time);
    return byPace.compareTo(left) < 0 ? byPace : left;
  }

  private static @Nullable Instant lastHeartbeat(JobFacts job) {
    return job.finishedAt().or(job::startedAt).orElse(null);
  }

  /// What is durable of a job's thinking.
  private record Recorded(
      List<ThoughtSummary> summaries, Map<ThoughtKey, Integer> durable, List<Resume> resumes) {}

  private Recorded recorded(JobFacts job, boolean running) {
    try {
      JobRecord record = records.of(job);
      return new Recorded(
          record.summaries(),
          running ? Map.of() : record.durableTokens(),
          record.entries(JournalEntry.Kind.THOUGHT_RESUMED, MOST_RESUMES).stream()
              .map(LiveInsight::resume)
              .toList());
    } catch (JobProblem.Damaged damaged) {
      // Its answer and the other jobs of a list stay readable; who asks for its thoughts is told.
      log.error("{}", damaged.getMessage());
      return new Recorded(List.of(), Map.of(), List.of());
    }
  }

  private static Resume resume(JournalEntry line) {
    var note = ResumeNote.read(line.note());
    return new Resume(
        line.at(),
        line.stage(),
        line.branch(),
        line.tokens(),
        line.again(),
        note.from(),
        note.model(),
        note.because());
  }
}
