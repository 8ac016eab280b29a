package dev.ponder.thinking;

import dev.ponder.budget.Governor;
import dev.ponder.budget.Governor.Outlook;
import dev.ponder.budget.Governor.Ruling;
import dev.ponder.budget.Threads;
import dev.ponder.budget.TokenBudget;
import dev.ponder.checkpoint.StorageRoom;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
  private final Thinker thinker;
  private final Prompts prompts;
  private final Speeds speeds;
  private final StorageRoom room;
  private final Sharing sharing;
  private final Threads threads;
  private final SideBySide sideBySide;

  StageRunner(
      Governor governor,
      Thinker thinker,
      Prompts prompts,
      Speeds speeds,
      StorageRoom room,
      Sharing sharing,
      Threads threads) {
    this.governor = governor;
    this.thinker = thinker;
    this.prompts = prompts;
    this.speeds = speeds;
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
    run.lineup().begin();
    Ruling ruling = governor.rule(outlook(run, stage));
    return switch (ruling) {
      case Ruling.Hurry hurry -> new StageOutcome.Hurried(hurry.because());
      case Ruling.Think think -> outcome(run, stage, think);
    };
  }

  private static long characters(RunContext run) {
    return run.job().prompt().length()
        + run.thoughts().stream().mapToLong(thought -> thought.text().length()).sum();
  }

  private StageOutcome outcome(RunContext run, Stage stage, Ruling.Think ruling) {
    try {
      List<Thought> thoughts = branches(run, stage, ruling);
      if (stage == Stage.VERIFICATION) {
        thoughts = withOriginals(run, thoughts, ruling);
      }
      if (stage == Stage.VERIFICATION && run.visit() == 1) {
        var all = new ArrayList<>(run.thoughts());
        all.addAll(thoughts);
        var reason = new Adjudication(run.pipeline(), all, run.visit()).reasonToExploreAgain();
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
      return new StageOutcome.Stuck(stuck.getMessage());
    }
  }

  /// A verification that does not confirm the candidate, and had read summaries in the place of
  /// thoughts, is asked once more with the originals, as far as they fit. The second one counts.
  private List<Thought> withOriginals(RunContext run, List<Thought> thoughts, Ruling.Think ruling) {
    var all = new ArrayList<>(run.thoughts());
    all.addAll(thoughts);
    if (!new Adjudication(run.pipeline(), all, run.visit()).verificationDoubts()) {
      return thoughts;
    }
    var limits = limits(ruling, false);
    if (!prompts.render(run, Stage.VERIFICATION, 1, limits).makeUp().hasSummaries()) {
      return thoughts;
    }
    var key = key(run, Stage.VERIFICATION, WITH_ORIGINALS);
    var again =
        run.finished(key)
            .orElseGet(
                () ->
                    thinker.think(
                        run.lineup(),
                        run.journal(),
                        run.live(),
                        assignment(run, key, limits(ruling, true), ruling)));
    return List.of(thoughts.getFirst(), again);
  }

  private static Prompts.Limits limits(Ruling.Think ruling, boolean originals) {
    return new Prompts.Limits(ruling.budget(), ruling.closeBy(), originals);
  }

  private List<Thought> branches(RunContext run, Stage stage, Ruling.Think ruling) {
    int count = run.pipeline().stage(stage).branches();
    if (count == 1) {
      return List.of(branch(run, stage, 1, ruling));
    }
    var compression = run.pipeline().compression();
    if (compression != null && compression.betweenStages()) {
      // The summaries that all branches read are made once, not by each of them at the same time.
      assignment(run, stage, 1, ruling);
    }
    shareTheTrunk(run, stage, count, ruling);
    List<Callable<Thought>> branches =
        IntStream.rangeClosed(1, count)
            .<Callable<Thought>>mapToObj(number -> () -> branch(run, stage, number, ruling))
            .toList();
    return sideBySide.run("branch-" + run.job().id(), branches);
  }

  /// Has the engine evaluate once what the prompts of the branches have in common, if it can. That
  /// saves time and nothing else: where it does not pay, or fails, the branches evaluate it
  /// themselves.
  private void shareTheTrunk(RunContext run, Stage stage, int count, Ruling.Think ruling) {
    try {
      if (!run.engine().capabilities().sharedPrefix()) {
        return;
      }
      List<GenerationRequest> requests =
          IntStream.rangeClosed(1, count)
              .filter(number -> run.finished(key(run, stage, number)).isEmpty())
              .mapToObj(number -> assignment(run, stage, number, ruling).firstRequest())
              .toList();
      String model = run.engine().model();
      if (requests.size() > 1 && sharing.pays(model, requests)) {
        long began = threads.nanos();
        var evaluated = run.engine().share(requests);
        sharing.learn(model, requests, evaluated, Duration.ofNanos(threads.nanos() - began));
      }
    } catch (EngineException e) {
      log.debug("The branches of job {} share nothing", run.job().id(), e);
    }
  }

  private Thought branch(RunContext run, Stage stage, int number, Ruling.Think ruling) {
    var finished = run.finished(key(run, stage, number));
    if (finished.isPresent()) {
      return finished.get();
    }
    return thinker.think(
        run.lineup(), run.journal(), run.live(), assigned(run, stage, number, ruling));
  }

  /// A prompt is made with the help of the engine, which may be gone by now.
  private Assignment assigned(RunContext run, Stage stage, int number, Ruling.Think ruling) {
    while (true) {
      var asked = run.lineup().inCharge();
      try {
        return assignment(run, stage, number, ruling);
      } catch (EngineException failure) {
        run.lineup().failed(asked, failure);
      }
    }
  }

  private static ThoughtKey key(RunContext run, Stage stage, int branch) {
    return new ThoughtKey(stage, run.visitOf(stage), branch);
  }

  private Assignment assignment(RunContext run, Stage stage, int number, Ruling.Think ruling) {
    return assignment(run, key(run, stage, number), limits(ruling, false), ruling);
  }

  private Assignment assignment(
      RunContext run, ThoughtKey key, Prompts.Limits limits, Ruling.Think ruling) {
    StageConfig config = run.pipeline().stage(key.stage());
    var made = prompts.render(run, key.stage(), key.branch(), limits);
    var sampling = run.pipeline().sampling();
    return new Assignment(
        key,
        Seeds.of(run.job().seed(), key),
        run.pipeline(),
        run.job().model(),
        made.conversation(),
        made.recollection(),
        made.makeUp().line(),
        new Sampling(
            config.temperature(),
            sampling.topP(),
            sampling.topK(),
            sampling.minP(),
            sampling.presencePenalty(),
            sampling.repeatPenalty()),
        ruling,
        run.job().deadline(),
        run.pipeline().closing(),
        run.job().id() + "/" + key.branch(),
        config.branches() == 1,
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
        speeds.of(run.job().model()));
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
