package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.conclusion;
import static dev.ponder.thinking.ScriptedTurns.thought;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Answer;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.job.Answer.ConfidenceBasis;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.journal.Lines;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.stage.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.domain.Limit;

/// What whole jobs make of the answers of their thoughts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SettlingTests {

  private static final String JUDGE = "You compare answers";

  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private final AtomicInteger judged = new AtomicInteger();
  private ScriptedService service;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Path pipelines = Files.createDirectory(folder.resolve("pipelines"));
    String mini = Files.readString(Path.of("stage-configs/mini.yaml"));
    Files.writeString(
        pipelines.resolve("judged.yaml"), mini.replace("answers: notation", "answers: judged"));
    Files.writeString(
        pipelines.resolve("slow.yaml"),
        mini.replace("answer: '^Answer: *(.+)$'", "answer: '^.*.*.*.*!(.*)$'"));
    service =
        new ScriptedService(folder.resolve("data"), engine, "ponder.pipelines-folder=" + pipelines);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @BeforeEach
  void forget() {
    judged.set(0);
  }

  /// Branches that answer so, one after another, and a verification and synthesis of their own.
  private void writes(
      List<String> branches, String candidate, String recomputed, Function<String, String> judge) {
    engine.writes(
        request -> {
          String system = request.conversation().system();
          if (system.startsWith(JUDGE)) {
            judged.incrementAndGet();
            return "Settled.\n</think>\n\n" + judge.apply(request.conversation().user());
          }
          int branch = Integer.parseInt(request.affinity().replaceAll(".*/", ""));
          return thought(
              conclusion(
                  request,
                  Map.of(
                      "exploration",
                      branches.get((branch - 1) % branches.size()),
                      "synthesis",
                      "Candidate: " + candidate,
                      "verification",
                      "Verdict: correct\nAnswer: " + recomputed + "\nConfidence: 0.97"),
                  "13"));
        });
  }

  private Job run(String pipeline) {
    return service.ended(
        service.submit(new Submission("How much change?", pipeline, null, null, 7L, Map.of())));
  }

  private Answer answer(Job job) {
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    return job.answer().orElseThrow();
  }

  @Test
  void threeNotationsOfOneAnswerAgree() {
    writes(
        List.of("Answer: 42", "**Final Answer**\n\n42.0", "So it is \\boxed{forty-two}."),
        "42",
        "42.00",
        user -> "");

    var job = run("mini");

    assertThat(service.thoughts(job.id())).hasSize(7);
    assertThat(answer(job).confidence()).isEqualTo(0.93);
    assertThat(answer(job).basis()).isEqualTo(ConfidenceBasis.MEASURED);
    assertThat(answer(job).completeness()).isEqualTo(Completeness.FULL);
    assertThat(answer(job).restsOn())
        .isEqualTo(
            "3 of 3 branches came to \"42\" (also written 42.0 and forty-two); verification recomputed the same");
  }

  @Test
  void twoOfThreeAreLessSure() {
    writes(List.of("Answer: 42", "Answer: 42", "Answer: 41"), "42", "42", user -> "");

    var answer = answer(run("mini"));

    assertThat(answer.confidence()).isEqualTo(0.519);
    assertThat(answer.basis()).isEqualTo(ConfidenceBasis.MEASURED);
  }

  @Test
  void aVerificationThatContradictsMakesAnEstimateOfIt() {
    writes(List.of("Answer: 42"), "42", "41", user -> "");

    var answer = answer(run("mini"));

    assertThat(answer.confidence()).isLessThan(0.8);
    assertThat(answer.basis()).isEqualTo(ConfidenceBasis.ESTIMATED);
    assertThat(answer.restsOn()).contains("verification came to 41");
  }

  @Test
  void proseThatMeansTheSameIsJudgedInOneRequest() {
    writes(
        List.of(
            "Answer: Because blue light is scattered most",
            "Answer: Air molecules scatter short wavelengths more strongly",
            "Answer: Rayleigh scattering favours blue"),
        "Rayleigh scattering favours blue",
        "Scattering by air is strongest for blue light",
        user -> "Same: 1=2=3=4");

    var job = run("judged");

    assertThat(judged).hasValue(1);
    assertThat(service.thoughts(job.id())).hasSize(7);
    assertThat(answer(job).confidence()).isEqualTo(0.93);
    assertThat(answer(job).restsOn())
        .startsWith(
            "3 of 3 branches came to \"Because blue light is scattered most\" (also written")
        .contains("the same by the model's judgement")
        .contains("verification recomputed the same");
    var lines = service.bean(Lines.class).of(job.id(), Kind.ANSWERS_JUDGED, Limit.of(10));
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().note()).startsWith("scripted: 1=2=3=4\n1. ");
    assertThat(lines.getFirst().tokens()).isBetween(1, 40);
    GenerationRequest asked =
        engine.requests().stream()
            .filter(request -> request.conversation().system().startsWith(JUDGE))
            .reduce((one, last) -> last)
            .orElseThrow();
    assertThat(asked.written().text()).endsWith("</think>\n\n");
    assertThat(asked.maxTokens()).isLessThan(128);
    assertThat(asked.conversation().user()).contains("How much change?").contains("\n4. ");
  }

  @Test
  void proseThatDiffersSendsTheJobBack() {
    writes(
        List.of("Answer: the cat did it", "Answer: the dog did it", "Answer: nobody did it"),
        "the cat did it",
        "a bird did it",
        user ->
            "Same: "
                + String.join(
                    ", ",
                    user.lines()
                        .filter(l -> l.matches("\\d+\\. .*"))
                        .map(l -> l.replaceAll("\\..*", ""))
                        .toList()));

    var job = run("judged");

    assertThat(service.kinds(job.id())).containsOnlyOnce(Kind.SENT_BACK);
    assertThat(answer(job).confidence()).isLessThan(0.5);
    assertThat(judged).as("the second round has no new answers").hasValue(1);
  }

  @Test
  void aJudgeThatCannotBeReadCountsAsDifferentAndStopsNothing() {
    writes(
        List.of(
            "Answer: warm air bends light upwards",
            "Answer: refraction above a hot road",
            "Answer: your eyes see sky where asphalt is"),
        "warm air bends light upwards",
        "warm air bends light upwards",
        user -> "Let me think about that.");

    var job = run("judged");

    assertThat(answer(job).completeness()).isEqualTo(Completeness.FULL);
    assertThat(answer(job).restsOn()).startsWith("1 of 3 branches");
  }

  @Test
  void anAgreedAbstentionIsNoAnswer() {
    writes(List.of("Answer: unknown", "Answer: Unknown."), "unknown", "unknown", user -> "");

    var job = run("mini");

    assertThat(service.thoughts(job.id())).hasSize(7);
    assertThat(answer(job).completeness()).isEqualTo(Completeness.NONE);
    assertThat(answer(job).confidence()).isZero();
    assertThat(answer(job).restsOn())
        .startsWith(
            "3 of 3 branches came to \"unknown\" (also written Unknown.), which the pipeline 'mini' counts as no answer");
  }

  @Test
  void oneAbstentionDoesNotOutweighAnswers() {
    writes(List.of("Answer: 42", "Answer: unknown", "Answer: 42"), "42", "42", user -> "");

    var answer = answer(run("mini"));

    assertThat(answer.completeness()).isEqualTo(Completeness.FULL);
    assertThat(answer.restsOn()).startsWith("2 of 3 branches came to \"42\"");
  }

  @Test
  void aMissingLineIsAskedForOnceAsAPartOfTheThought() {
    engine.writes(
        request -> {
          String written = request.written().text();
          String system = request.conversation().system();
          if (written.endsWith("\nAnswer: ")) {
            judged.incrementAndGet();
            return written + "13\nand so on and on";
          }
          return system.contains("exploration") && request.affinity().endsWith("/2")
              ? thought("It is thirteen coins, I am sure.")
              : thought(conclusion(request, Map.of(), "13"));
        });

    var job = run("mini");

    assertThat(judged).hasValue(1);
    assertThat(answer(job).restsOn()).startsWith("3 of 3 branches came to \"13\"");
    assertThat(service.thoughts(job.id())).hasSize(7);
    Thought second =
        service.thoughts(job.id()).stream()
            .filter(t -> t.key().stage() == Stage.DEEP_EXPLORATION && t.key().branch() == 2)
            .findFirst()
            .orElseThrow();
    assertThat(second.conclusion()).startsWith("It is thirteen coins, I am sure.\nAnswer: 13");
    assertThat(second.conclusion().length()).isLessThan(60);
    assertThat(second.closedBy()).isEqualTo(ClosedBy.MODEL);
  }

  @Test
  void aLineThatStaysMissingIsNotAskedForAgain() {
    engine.writes(
        request -> {
          if (request.written().text().endsWith("\nAnswer: ")) {
            judged.incrementAndGet();
            return request.written().text();
          }
          return request.conversation().system().contains("exploration")
              ? thought("Who knows.")
              : thought(conclusion(request, Map.of(), "13"));
        });

    var job = run("mini");

    assertThat(judged).hasValue(3);
    assertThat(answer(job).text()).isEqualTo("The answer is 13.");
    assertThat(answer(job).restsOn())
        .startsWith("0 of 3 branches came to \"13\"; verification recomputed the same");
  }

  @Test
  void aJudgementIsReadFromTheJournalAfterARestart() {
    writes(
        List.of("Answer: the cat did it", "Answer: it was the cat", "Answer: a cat"),
        "the cat did it",
        "the cat did it",
        user -> "Same: 1=2=3");
    engine.takes(Duration.ofMillis(5));
    var id = service.submit(new Submission("How much change?", "judged", null, null, 7L, Map.of()));
    service.until(id, job -> job.stage().filter("final_output"::equals).isPresent());

    service.restart();
    engine.takes(Duration.ZERO);
    var job = service.ended(id);

    assertThat(judged).hasValue(1);
    assertThat(answer(job).restsOn()).startsWith("3 of 3 branches").contains("judgement");
  }

  @Test
  void anEngineThatCannotContinueIsAskedApart() {
    engine.can(Capabilities.of(6, 2048, Capability.CANCELLATION));
    try {
      engine.writes(
          request -> {
            String system = request.conversation().system();
            String user = request.conversation().user();
            if (system.startsWith(JUDGE)) {
              judged.incrementAndGet();
              return "They look alike.\n</think>\n\nSame: 1=2";
            }
            if (user.contains("One line is missing in it")) {
              return "Yes.\n</think>\n\nAnswer: thirteen coins, that is all";
            }
            return system.contains("exploration")
                ? thought("It is thirteen coins, I am sure.")
                : thought(conclusion(request, Map.of(), "all thirteen of them"));
          });

      var job = run("judged");

      assertThat(judged).hasValue(1);
      assertThat(answer(job).restsOn())
          .startsWith("3 of 3 branches came to \"thirteen coins, that is all\"")
          .contains("verification recomputed the same");
      assertThat(service.thoughts(job.id())).hasSize(7);
      assertThat(engine.requests())
          .filteredOn(request -> request.affinity().startsWith(job.id() + "/"))
          .allMatch(request -> request.written().text().isEmpty());
    } finally {
      engine.can(ScriptedEngine.CAPABLE);
    }
  }

  @Test
  void aPatternThatIsStoppedIsNamedInTheJob() {
    engine.writes(request -> thought(conclusion(request, Map.of(), "x".repeat(400) + "13")));

    var job = run("slow");

    assertThat(answer(job).restsOn())
        .contains("stages.deep_exploration.reads.answer was stopped")
        .contains("pipeline 'slow'");
  }
}
