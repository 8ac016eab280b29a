package dev.ponder.thinking.adjudication;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.text.ThinkParser;
import dev.ponder.journal.JudgementNote;
import dev.ponder.routing.ModelRoute;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.RunContext;
import dev.ponder.thinking.thought.RunStopped;
import dev.ponder.thinking.thought.Speeds;
import dev.ponder.time.Deadline;
import dev.ponder.time.TimeIsUp;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Asks the job's model which answers mean the same, where the rules of notation cannot say: all of
/// them at once, in one short request whose thinking is closed before it begins. What it says is a
/// line of the journal, and nobody asks again.
///
/// It can only help. Where there is no time, the engine cannot, or the reply cannot be read,
/// answers that are not settled count as different.
@Component
public class AnswerJudge {

  private static final Logger log = LoggerFactory.getLogger(AnswerJudge.class);

  private static final String SYSTEM =
      "You compare answers to one problem. You do not solve the problem, and you do not say which answer is right.";

  private static final String TASK =
      """
      # Problem
      %s

      # Answers
      %s

      # Your task
      Which of these answers mean the same? Two answers mean the same if they state the same result, however they word it. \
      They differ if their results differ, or if one leaves out something that the problem asks for.
      Reply with one line in this form and nothing else: the numbers of answers that mean the same joined by =, the others \
      apart by commas. If of four answers the first and the third mean the same:
      Same: 1=3, 2, 4""";

  /// Of the problem and of each answer: what a judgement needs stands at the beginning.
  private static final int PROBLEM_SHOWN = 6_000;

  private static final int ANSWER_SHOWN = 1_500;

  /// A reply has four tokens an answer and a few besides.
  private static final int REPLY = 64;

  private static final int REPLY_EACH = 8;

  /// For an engine whose thinking cannot be closed: it has to think before it replies.
  private static final int THINKING = 1_024;

  /// Nearly always the likeliest word, and not greedy, which thinking models answer with
  /// repetition.
  private static final double TEMPERATURE = 0.1;

  /// Time for a request besides its tokens: a prompt that has to be evaluated.
  private static final Duration ASKING = Duration.ofMillis(500);

  /// The speed to reckon with while none is known, in tokens per second.
  private static final double UNKNOWN_SPEED = 20;

  private final Speeds speeds;
  private final InstantSource time;

  public AnswerJudge(Speeds speeds, InstantSource time) {
    this.speeds = speeds;
    this.time = time;
  }

  /// Has the open answers of a job judged, if there are any.
  ///
  /// @param open answers that the rules cannot settle
  /// @param by when it has to be over: the stage's own time, behind which the rest is reserved
  public void judge(RunContext run, Stage stage, List<String> open, Instant by) {
    if (open.size() < 2 || run.live().stopped().isPresent() || !run.maySpendOnJudging()) {
      return;
    }
    WorkScope scope = run.live().scope().until(by);
    try {
      var asked = scope.call("a model was found", run.lineup()::inCharge);
      int room = REPLY + REPLY_EACH * open.size();
      boolean closes =
          scope.call(
              "an engine was known",
              () -> asked.engine().capabilities().offer(Capability.CONTINUATION));
      int most = closes ? room : room + THINKING;
      if (time.instant().plus(needed(asked.model(), most)).isAfter(by)) {
        log.debug("There is no time to judge the answers of job {}", run.job().id());
        return;
      }
      Reply reply = asked(run, asked, open, closes, most, by);
      var groups = JudgedGroups.read(reply.text(), open.size());
      var note = JudgementNote.of(asked.model(), groups.orElseGet(() -> apart(open.size())), open);
      run.journal().judged(stage, run.visit(), note, reply.tokens());
      run.judgements().add(note);
    } catch (EngineException | TimeIsUp cannot) {
      // Not journalled: another run may be luckier, this one does not try again.
      var cause = run.live().stopped();
      if (cause.isPresent()) {
        throw new RunStopped(cause.get());
      }
      run.judgingFailed();
      log.debug("The answers of job {} were not judged", run.job().id(), cannot);
    }
  }

  private static List<List<Integer>> apart(int answers) {
    return IntStream.rangeClosed(1, answers).mapToObj(List::of).toList();
  }

  private Duration needed(String model, int tokens) {
    double speed = speeds.of(model) > 0 ? speeds.of(model) : UNKNOWN_SPEED;
    return ASKING.plusMillis((long) (1000 * tokens / speed));
  }

  private record Reply(String text, int tokens) {}

  private Reply asked(
      RunContext run,
      ModelRoute.InCharge asked,
      List<String> answers,
      boolean closes,
      int most,
      Instant by) {
    String affinity = run.job().id() + "/judge";
    WorkScope scope = run.live().scope().until(by);
    String written = closes ? run.pipeline().closing() + "\n</think>\n\n" : "";
    var sampling = run.pipeline().sampling();
    var request =
        new GenerationRequest(
            new Conversation(SYSTEM, task(run.job().prompt(), answers)),
            closes ? Written.text(written) : Written.NOTHING,
            new Sampling(TEMPERATURE, sampling.topP(), sampling.topK(), sampling.minP(), 0, 1),
            run.job().seed(),
            most,
            new Deadline(by),
            affinity);
    try {
      return read(
          scope,
          scope.open("the answers were judged", () -> asked.engine().open(request)),
          written);
    } finally {
      run.lineup().forget(affinity);
    }
  }

  private static Reply read(WorkScope scope, TokenStream stream, String written) {
    var parser = new ThinkParser();
    parser.accept(written);
    int tokens = 0;
    try (stream;
        var held = scope.hold(stream)) {
      Piece piece;
      while ((piece = stream.next()) != null) {
        parser.accept(piece.text());
        tokens += piece.tokens();
      }
      parser.finish();
      StopReason reason = stream.completion().reason();
      if (reason == StopReason.CANCELLED) {
        throw new EngineException.Unavailable("A judgement was stopped: its time was up.", null);
      }
      boolean atOnce = !parser.thinkingClosed() && reason == StopReason.END_OF_TURN;
      return new Reply(atOnce ? parser.thinking() : parser.conclusion(), tokens);
    }
  }

  private static String task(String problem, List<String> answers) {
    return TASK.formatted(
        beginning(problem, PROBLEM_SHOWN),
        IntStream.range(0, answers.size())
            .mapToObj(i -> (i + 1) + ". " + beginning(answers.get(i), ANSWER_SHOWN))
            .collect(Collectors.joining("\n")));
  }

  private static String beginning(@Nullable String text, int most) {
    String line = Optional.ofNullable(text).orElse("").strip();
    if (line.length() <= most) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(most - 1)) ? most - 1 : most;
    return line.substring(0, end) + " …";
  }
}
