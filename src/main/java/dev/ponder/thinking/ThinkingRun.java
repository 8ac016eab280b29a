package dev.ponder.thinking;

import dev.ponder.engine.EngineException;
import dev.ponder.job.Answer;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.job.Answer.ConfidenceBasis;
import dev.ponder.job.Phase;
import dev.ponder.job.Signal;
import dev.ponder.journal.History;
import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.adjudication.Adjudication;
import dev.ponder.thinking.machine.ThinkingMachine;
import dev.ponder.thinking.thought.Mistake;
import dev.ponder.time.TimeIsUp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one job through its stages, from where it stopped to its answer. Reads top to bottom; it
/// runs on a virtual thread of its own, and everything it has to remember is in the journal.
final class ThinkingRun {

  private static final Logger log = LoggerFactory.getLogger(ThinkingRun.class);

  /// At most this part of a job's whole time is kept free for an answer without its engine.
  private static final int PART_FOR_THE_ANSWER = 4;
  /// A job that is taken up after its deadline still weighs what it has.
  private static final Duration LEAST_WEIGHING = Duration.ofMillis(250);

  private static final String NO_ANSWER =
      "No answer was reached: no thought of this job came to a conclusion.";

  private final RunContext run;
  private final EngineWait engine;
  private final Supplier<History> durable;
  private final StageRunner stages;
  private final ThinkingSettings settings;
  private final InstantSource time;
  private final ThinkingMachine machine;

  /// @param machine stands in the stage where the job goes on
  /// @param engine waits for an engine that is away
  /// @param durable reads what is durable of the job
  ThinkingRun(
      RunContext run,
      ThinkingMachine machine,
      EngineWait engine,
      Supplier<History> durable,
      StageRunner stages,
      ThinkingSettings settings,
      InstantSource time) {
    this.run = run;
    this.machine = machine;
    this.engine = engine;
    this.durable = durable;
    this.stages = stages;
    this.settings = settings;
    this.time = time;
  }

  void carryOn() {
    Phase phase = machine.phase();
    if (run.job().stage().isEmpty()) {
      run.journal().enter(stage(phase), run.visit());
    }
    while (phase.isStage()) {
      phase = after(stage(phase), outcome(stage(phase)));
    }
  }

  private static Stage stage(Phase phase) {
    return Stage.valueOf(phase.name());
  }

  /// A stage that meets a mistake is left out, and so are those before the answer.
  private StageOutcome outcomeOf(Stage stage) {
    try {
      return stages.run(run, stage);
    } catch (RuntimeException | Error thrown) {
      if (!Mistake.is(thrown)) {
        throw thrown;
      }
      return new StageOutcome.Hurried(Mistake.told("stage " + stage.key(), thrown));
    }
  }

  /// How a stage ends. One whose engine is away goes on from what is durable when that is back, or
  /// is left out when the time is up.
  private StageOutcome outcome(Stage stage) {
    StageOutcome outcome = outcomeOf(stage);
    while (outcome instanceof StageOutcome.Away away
        && engine.isOver(stage, away.why(), answerBy())) {
      run.recall(durable.get());
      outcome = outcomeOf(stage);
    }
    return outcome;
  }

  /// When the job has to be answered with what is there.
  private Instant answerBy() {
    Instant deadline = run.job().deadline().at();
    Duration part =
        Duration.between(run.job().createdAt(), deadline).dividedBy(PART_FOR_THE_ANSWER);
    Duration most = settings.answerWithin();
    return deadline.minus(part.compareTo(most) < 0 ? part : most);
  }

  private Phase after(Stage stage, StageOutcome outcome) {
    return switch (outcome) {
      case StageOutcome.Advanced advanced -> {
        run.add(advanced.thoughts());
        yield stage == Stage.FINAL_OUTPUT ? answer() : move(Signal.ADVANCE);
      }
      case StageOutcome.SentBack back -> {
        run.add(back.thoughts());
        run.exploreAgain(back.because());
        run.journal().sendBack(back.because());
        yield move(Signal.SEND_BACK);
      }
      case StageOutcome.Hurried hurried -> {
        run.journal().hurry(stage, run.visit(), hurried.because());
        yield stage == Stage.FINAL_OUTPUT ? answer() : move(Signal.HURRY);
      }
      case StageOutcome.Away away -> late(stage, away.why().getMessage());
      case StageOutcome.Stuck stuck -> stuck(stage, stuck.why());
      case StageOutcome.Impossible impossible -> {
        Phase end = machine.fire(Signal.FAIL, row -> run.journal().fail(impossible.because()));
        run.over();
        yield end;
      }
    };
  }

  /// To another stage.
  private Phase move(Signal signal) {
    return machine.fire(signal, row -> run.journal().enter(stage(row.to()), run.visit()));
  }

  private Phase late(Stage stage, String because) {
    run.journal().hurry(stage, run.visit(), because);
    if (stage != Stage.FINAL_OUTPUT) {
      move(Signal.HURRY);
    }
    return answer();
  }

  /// The engine cannot go on. While there is time the job waits for somebody to mend that; when the
  /// deadline is near it answers with what it has.
  private Phase stuck(Stage stage, EngineException.Unusable why) {
    String because = String.valueOf(why.getMessage());
    if (run.job().deadline().before(settings.answerWithin()).passed(time)) {
      return late(stage, because);
    }
    log.warn("Job {} is paused in {}: {}", run.job().id(), stage.key(), why.logged());
    return machine.fire(Signal.PAUSE, row -> run.journal().pause(because));
  }

  private Phase answer() {
    Answer answer = answerInTime();
    Phase end = machine.fire(Signal.ANSWER, row -> run.journal().complete(answer));
    run.over();
    return end;
  }

  /// Nothing stands between a job and its answer: where the thoughts cannot be weighed in the time
  /// there is for that, or not without a mistake, what was said last is the answer.
  private Answer answerInTime() {
    Instant half = run.job().deadline().at().minus(settings.margin().dividedBy(2));
    Instant least = time.instant().plus(LEAST_WEIGHING);
    try {
      // An answer that has begun is given, whatever stops the run now: it takes a moment, and its
      // reasons are on their way to the journal already.
      return run.live()
          .scope()
          .beside()
          .until(half.isAfter(least) ? half : least)
          .call("its thoughts were weighed", this::weighed);
    } catch (TimeIsUp up) {
      return unweighed(up.getMessage());
    } catch (RuntimeException | Error thrown) {
      if (!Mistake.is(thrown)) {
        throw thrown;
      }
      return unweighed(Mistake.told("the weighing of the thoughts", thrown));
    }
  }

  private Answer unweighed(String because) {
    Optional<String> last =
        run.thoughts().reversed().stream()
            .map(Thought::conclusion)
            .filter(said -> !said.isEmpty())
            .findFirst();
    return last.map(
            said ->
                new Answer(
                    said,
                    0.1,
                    ConfidenceBasis.ESTIMATED,
                    Completeness.PARTIAL,
                    "it was said last, and not weighed. " + because))
        .orElseGet(
            () ->
                new Answer(NO_ANSWER, 0, ConfidenceBasis.ESTIMATED, Completeness.PARTIAL, because));
  }

  private Answer weighed() {
    var recall = new Recall(run.pipeline(), run.thoughts(), run.visit());
    var settled = run.adjudication(List.of()).settle();
    Optional<String> concluded =
        recall.of(Stage.FINAL_OUTPUT).map(Thought::conclusion).filter(said -> !said.isEmpty());
    String text = concluded.or(() -> Optional.ofNullable(settled.answer())).orElse(NO_ANSWER);
    Completeness completeness = completeness(recall, settled, concluded.isPresent());
    boolean answered = concluded.isPresent() || settled.answered();
    double confidence = answered && completeness != Completeness.NONE ? settled.confidence() : 0;
    return new Answer(text, confidence, settled.basis(), completeness, settled.restsOn());
  }

  /// That the branches abstain is said with all there is to say; a job that came to nothing in its
  /// time has said a part. A final text without a value that could be read is an answer: not every
  /// question has a value.
  private static Completeness completeness(
      Recall recall, Adjudication.Settlement settled, boolean concluded) {
    if (settled.abstained()) {
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
