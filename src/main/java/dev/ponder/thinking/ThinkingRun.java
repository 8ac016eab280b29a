package dev.ponder.thinking;

import dev.ponder.job.Answer;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one job through its stages, from where it stopped to its answer. Reads top to bottom; it
/// runs on a virtual thread of its own, and everything it has to remember is in the journal.
final class ThinkingRun {

  private static final Logger log = LoggerFactory.getLogger(ThinkingRun.class);

  private final RunContext run;
  private final StageRunner stages;
  private final ThinkingSettings settings;
  private final InstantSource time;
  private final ThinkingMachine machine = ThinkingMachine.at(Phase.QUEUED);

  ThinkingRun(RunContext run, StageRunner stages, ThinkingSettings settings, InstantSource time) {
    this.run = run;
    this.stages = stages;
    this.settings = settings;
    this.time = time;
  }

  void carryOn() {
    Stage first = run.job().stage().flatMap(Stage::of).orElse(Stage.INITIAL_ANALYSIS);
    boolean resumed = run.job().stage().isPresent();
    Phase phase = machine.begin(first);
    while (phase.stage().isPresent()) {
      Stage stage = phase.stage().get();
      if (!resumed) {
        run.journal().enter(stage, run.visit());
      }
      resumed = false;
      phase = after(stage, stages.run(run, stage));
    }
  }

  private Phase after(Stage stage, StageOutcome outcome) {
    return switch (outcome) {
      case StageOutcome.Advanced advanced -> {
        run.add(advanced.thoughts());
        yield stage == Stage.FINAL_OUTPUT ? answer() : machine.fire(Signal.ADVANCE);
      }
      case StageOutcome.SentBack back -> {
        run.add(back.thoughts());
        run.exploreAgain(back.because());
        run.journal().sendBack(back.because());
        yield machine.fire(Signal.SEND_BACK);
      }
      case StageOutcome.Hurried hurried -> {
        run.journal().hurry(stage, run.visit(), hurried.because());
        yield stage == Stage.FINAL_OUTPUT ? answer() : machine.fire(Signal.HURRY);
      }
      case StageOutcome.Stuck stuck -> stuck(stage, stuck.because());
      case StageOutcome.Impossible impossible -> {
        run.journal().fail(impossible.because());
        run.over();
        yield machine.fire(Signal.FAIL);
      }
    };
  }

  /// The engine cannot go on. While there is time the job waits for somebody to mend that; when the
  /// deadline is near it answers with what it has.
  private Phase stuck(Stage stage, String because) {
    boolean late = run.job().deadline().before(settings.answerWithin()).passed(time);
    if (late) {
      run.journal().hurry(stage, run.visit(), because);
      return stage == Stage.FINAL_OUTPUT ? answer() : answerFromFinal();
    }
    log.warn("Job {} is paused in {}: {}", run.job().id(), stage.key(), because);
    run.journal().pause(because);
    return machine.fire(Signal.PAUSE);
  }

  private Phase answerFromFinal() {
    machine.fire(Signal.HURRY);
    run.journal().enter(Stage.FINAL_OUTPUT, run.visit());
    return answer();
  }

  private Phase answer() {
    var recall = new Recall(run.pipeline(), run.thoughts(), run.visit());
    var settled = run.adjudication(List.of()).settle();
    Optional<String> concluded =
        recall.of(Stage.FINAL_OUTPUT).map(Thought::conclusion).filter(said -> !said.isEmpty());
    String text =
        concluded
            .or(() -> Optional.ofNullable(settled.answer()))
            .orElse("No answer was reached: no thought of this job came to a conclusion.");
    Completeness completeness = completeness(recall, settled, concluded.isPresent());
    double confidence = completeness == Completeness.NONE ? 0 : settled.confidence();
    run.journal()
        .complete(new Answer(text, confidence, settled.basis(), completeness, settled.restsOn()));
    run.over();
    return machine.fire(Signal.ANSWER);
  }

  /// What abstains is no answer, and neither is that there is nothing to say. A final text without
  // a
  /// value that could be read is one: not every question has a value.
  private static Completeness completeness(
      Recall recall, Adjudication.Settlement settled, boolean concluded) {
    if (settled.abstained() || (!concluded && !settled.answered())) {
      return Completeness.NONE;
    }
    return concluded && Arrays.stream(Stage.values()).allMatch(stage -> hadItsSay(recall, stage))
        ? Completeness.FULL
        : Completeness.PARTIAL;
  }

  private static boolean hadItsSay(Recall recall, Stage stage) {
    var thoughts = recall.all(stage);
    return !thoughts.isEmpty() && thoughts.stream().allMatch(t -> t.closedBy().whole());
  }
}
