package dev.ponder.thinking;

import dev.ponder.budget.Governor;
import dev.ponder.budget.Governor.Outlook;
import dev.ponder.budget.Governor.Ruling;
import dev.ponder.budget.TokenBudget;
import dev.ponder.engine.Capability;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.journal.JobJournal;
import dev.ponder.journal.storage.StorageRoom;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import dev.ponder.thinking.adjudication.AnswerJudge;
import dev.ponder.thinking.thought.Assignment;
import dev.ponder.thinking.thought.Mistake;
import dev.ponder.thinking.thought.ThoughtGeneration;
import dev.ponder.thinking.thought.ThoughtTools;
import dev.ponder.time.Threads;
import dev.ponder.time.TimeIsUp;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Runs one stage of a job: asks the governor for its budget, builds a prompt per branch, and has
/// the branches thought, side by side where there are several.
@Component
class StageRunner {

  private static final Logger log = LoggerFactory.getLogger(StageRunner.class);

  /// The number of a verification that reads originals only.
  static final int WITH_ORIGINALS = 2;

  private final Governor governor;
  private final ThoughtTools tools;
  private final Prompts prompts;
  private final AnswerJudge judge;
  private final StorageRoom room;
  private final Sharing sharing;
  private final Threads threads;
  private final SideBySide sideBySide;

  StageRunner(
      Governor governor,
      ThoughtTools tools,
      Prompts prompts,
      AnswerJudge judge,
      StorageRoom room,
      Sharing sharing,
      Threads threads) {
    this.governor = governor;
    this.tools = tools;
    this.prompts = prompts;
    this.judge = judge;
    this.room = room;
    this.sharing = sharing;
    this.threads = threads;
    this.sideBySide = new SideBySide(threads);
  }

  StageOutcome run(RunContext run, Stage stage) {
    // The last stage is short, and an answer is what the others were for.
    if (stage != Stage.FINAL_OUTPUT && room.isUsedUpBy(run.job().id(), characters(run))) {
      return new StageOutcome.Hurried(
          "The job has stored as much as one may (ponder.storage.job-max). It keeps all of it, and answers from it.");
    }
    Ruling ruling = governor.rule(outlook(run, stage));
    return switch (ruling) {
      case Ruling.Hurry hurry -> new StageOutcome.Hurried(hurry.because());
      case Ruling.Think think -> outcome(run, stage, stageTime(run, think));
    };
  }

  private static long characters(RunContext run) {
    return run.job().prompt().length()
        + run.thoughts().stream().mapToLong(thought -> thought.text().length()).sum();
  }

  /// What a stage has of time.
  ///
  /// @param scope in which its prompts are made
  /// @param preparing the first half of it, for summaries and for what only saves time; whatever
  ///     comes of that, the thoughts have the rest
  private record StageTime(Ruling.Think ruling, WorkScope scope, Instant preparing) {}

  private StageTime stageTime(RunContext run, Ruling.Think ruling) {
    Instant now = tools.time().instant();
    Duration half = Duration.between(now, ruling.closeBy()).dividedBy(2);
    return new StageTime(ruling, run.live().scope().until(ruling.closeBy()), now.plus(half));
  }

  private StageOutcome outcome(RunContext run, Stage stage, StageTime time) {
    try {
      run.scope().run("a model was found", run.lineup()::begin);
      if (stage == Stage.FINAL_OUTPUT) {
        judge(run, stage, List.of(), time.ruling().closeBy());
      }
      List<Branch> branches = branches(run, stage, time);
      List<Thought> thoughts = branches.stream().flatMap(Branch::thoughts).toList();
      if (thoughts.isEmpty()) {
        return new StageOutcome.Hurried(String.valueOf(branches.getFirst().because()));
      }
      branches.forEach(branch -> branch.tell(run.journal()));
      if (stage == Stage.VERIFICATION) {
        judge(run, stage, thoughts, time.ruling().stopBy());
        thoughts = withOriginals(run, thoughts, time);
        judge(run, stage, thoughts, time.ruling().stopBy());
      }
      if (stage == Stage.VERIFICATION && run.visit() == 1) {
        List<Thought> verified = thoughts;
        Optional<String> reason =
            read(
                run,
                "it was verified",
                Optional.empty(),
                () -> run.adjudication(verified).reasonToExploreAgain());
        if (reason.isPresent()) {
          return new StageOutcome.SentBack(thoughts, reason.get());
        }
      }
      return new StageOutcome.Advanced(thoughts);
    } catch (EngineException.Refused refused) {
      return new StageOutcome.Impossible(refused.getMessage());
    } catch (EngineException.Unavailable away) {
      return new StageOutcome.Away(away);
    } catch (EngineException.Unusable stuck) {
      return new StageOutcome.Stuck(stuck);
    } catch (TimeIsUp up) {
      return new StageOutcome.Hurried(up.getMessage());
    }
  }

  /// Has answers judged that the rules cannot settle.
  private void judge(RunContext run, Stage stage, List<Thought> more, Instant by) {
    List<String> open =
        read(
            run,
            "its answers were compared",
            List.of(),
            () -> run.adjudication(more).openAnswers());
    try {
      judge.judge(run, stage, open, by);
    } catch (RuntimeException | Error thrown) {
      if (!Mistake.is(thrown)) {
        throw thrown;
      }
      Mistake.told("the judgement of the answers of job " + run.job().id(), thrown);
      run.judgingFailed();
    }
  }

  /// What a look at the thoughts comes to. Where that has no end, or meets a mistake, the job goes
  /// on without.
  private static <T> T read(RunContext run, String what, T without, Supplier<T> reading) {
    try {
      return run.scope().call(what, reading);
    } catch (TimeIsUp up) {
      return without;
    } catch (RuntimeException | Error thrown) {
      if (!Mistake.is(thrown)) {
        throw thrown;
      }
      Mistake.told("a look at the thoughts of job " + run.job().id(), thrown);
      return without;
    }
  }

  /// A verification that does not confirm the candidate, and had read summaries in the place of
  /// thoughts, is asked once more with the originals, as far as they fit. The second one counts.
  private List<Thought> withOriginals(RunContext run, List<Thought> thoughts, StageTime time) {
    boolean doubts =
        read(run, "it was read", false, () -> run.adjudication(thoughts).verificationDoubts());
    if (!doubts || !read(run, "its prompt was read", false, () -> readSummaries(run, time))) {
      return thoughts;
    }
    var key = key(run, Stage.VERIFICATION, WITH_ORIGINALS);
    Supplier<Assignment> making = () -> assignment(run, key, limits(time, true), time.ruling());
    var again =
        run.finished(key)
            .map(finished -> new Branch(key, finished, null))
            .orElseGet(() -> branch(run, key, time, making));
    again.tell(run.journal());
    return Stream.concat(thoughts.stream().limit(1), again.thoughts()).toList();
  }

  private boolean readSummaries(RunContext run, StageTime time) {
    return prompts
        .render(run, Stage.VERIFICATION, 1, limits(time, false))
        .contents()
        .hasSummaries();
  }

  private static Prompts.Limits limits(StageTime time, boolean originals) {
    return new Prompts.Limits(time.ruling().budget(), time.preparing(), originals);
  }

  /// A branch of a stage.
  ///
  /// @param thought null if it did not come to one
  /// @param because why it did not
  private record Branch(ThoughtKey key, @Nullable Thought thought, @Nullable String because) {
    Stream<Thought> thoughts() {
      return Stream.ofNullable(thought);
    }

    void tell(JobJournal journal) {
      if (because != null) {
        journal.brokenOff(key, because);
      }
    }
  }

  private List<Branch> branches(RunContext run, Stage stage, StageTime time) {
    int count = run.pipeline().stage(stage).branches();
    if (count == 1) {
      return List.of(branch(run, stage, 1, time));
    }
    prepare(run, stage, count, time);
    List<Callable<Branch>> branches =
        IntStream.rangeClosed(1, count)
            .<Callable<Branch>>mapToObj(number -> () -> branch(run, stage, number, time))
            .toList();
    return sideBySide.run("branch-" + run.job().id(), branches);
  }

  /// Does once what all branches need. That saves time and nothing else: where it does not pay, or
  /// fails, each of them does it itself.
  private void prepare(RunContext run, Stage stage, int count, StageTime time) {
    var scope = time.scope().until(time.preparing());
    try {
      var compression = run.pipeline().compression();
      if (compression != null && compression.betweenStages()) {
        scope.run("its summaries were made", () -> assignment(run, stage, 1, time));
      }
      scope.run("its prompts were shared", () -> shareTheTrunk(run, stage, count, time));
    } catch (TimeIsUp | EngineException e) {
      log.debug("The branches of job {} share nothing", run.job().id(), e);
    } catch (RuntimeException | Error thrown) {
      if (!Mistake.is(thrown)) {
        throw thrown;
      }
      // Each branch meets it too, and says so.
      log.debug("The branches of job {} share nothing", run.job().id(), thrown);
    }
  }

  /// Has the engine evaluate once what the prompts of the branches have in common, if it can.
  private void shareTheTrunk(RunContext run, Stage stage, int count, StageTime time) {
    if (!run.engine().capabilities().offer(Capability.SHARED_PREFIX)) {
      return;
    }
    List<GenerationRequest> requests =
        IntStream.rangeClosed(1, count)
            .filter(number -> run.finished(key(run, stage, number)).isEmpty())
            .mapToObj(number -> assignment(run, stage, number, time).firstRequest())
            .toList();
    String model = run.engine().model();
    if (requests.size() > 1 && sharing.pays(model, requests)) {
      long began = threads.nanos();
      var evaluated = run.engine().share(requests);
      sharing.learn(model, requests, evaluated, Duration.ofNanos(threads.nanos() - began));
    }
  }

  private Branch branch(RunContext run, Stage stage, int number, StageTime time) {
    var key = key(run, stage, number);
    return run.finished(key)
        .map(finished -> new Branch(key, finished, null))
        .orElseGet(() -> branch(run, key, time, () -> assignment(run, stage, number, time)));
  }

  /// @param making makes its prompt
  private Branch branch(
      RunContext run, ThoughtKey key, StageTime time, Supplier<Assignment> making) {
    try {
      var assignment = assigned(run, time, making);
      var generation =
          new ThoughtGeneration(tools, run.lineup(), run.journal(), run.live(), assignment);
      return new Branch(key, generation.write(), null);
    } catch (TimeIsUp up) {
      return new Branch(key, null, up.getMessage());
    } catch (RuntimeException | Error thrown) {
      if (!Mistake.is(thrown)) {
        throw thrown;
      }
      return new Branch(key, null, Mistake.told(key, thrown));
    }
  }

  /// A prompt is made with the help of the engine, which may be gone by now.
  private static Assignment assigned(RunContext run, StageTime time, Supplier<Assignment> making) {
    while (true) {
      var asked = time.scope().call("a model was found", run.lineup()::inCharge);
      try {
        return time.scope().call("its prompt was made", making);
      } catch (EngineException failure) {
        run.lineup().failed(asked, failure);
      }
    }
  }

  private static ThoughtKey key(RunContext run, Stage stage, int branch) {
    return new ThoughtKey(stage, run.visitOf(stage), branch);
  }

  private Assignment assignment(RunContext run, Stage stage, int number, StageTime time) {
    return assignment(run, key(run, stage, number), limits(time, false), time.ruling());
  }

  private Assignment assignment(
      RunContext run, ThoughtKey key, Prompts.Limits limits, Ruling.Think ruling) {
    return new Assignment(
        key,
        Seeds.of(run.job().seed(), key),
        run.job().id() + "/" + key.branch(),
        run.pipeline(),
        prompts.render(run, key.stage(), key.branch(), limits),
        ruling,
        run.job().deadline(),
        run.interrupted(key).orElse(null));
  }

  private Outlook outlook(RunContext run, Stage stage) {
    boolean last = stage == Stage.FINAL_OUTPUT;
    return new Outlook(
        run.job().deadline(),
        budget(run.pipeline(), stage),
        last ? 1 : share(run.pipeline(), stage),
        last,
        budget(run.pipeline(), Stage.FINAL_OUTPUT),
        tools.speeds().of(run.job().model()));
  }

  private static TokenBudget budget(Pipeline pipeline, Stage stage) {
    StageConfig config = pipeline.stage(stage);
    int thinking =
        Math.min(config.maxTokens() - config.conclusionTokens(), pipeline.maxThinkingTokens());
    return new TokenBudget(thinking, config.conclusionTokens());
  }

  /// The part of the thinking still to come that this stage is, by configured tokens.
  private static double share(Pipeline pipeline, Stage stage) {
    double mine = pipeline.stage(stage).maxTokens();
    double rest =
        Arrays.stream(Stage.values())
            .filter(other -> other.compareTo(stage) >= 0 && other != Stage.FINAL_OUTPUT)
            .mapToDouble(other -> pipeline.stage(other).maxTokens())
            .sum();
    return mine / rest;
  }
}
