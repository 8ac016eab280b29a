package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static dev.ponder.thinking.ScriptedTurns.conclusion;
import static dev.ponder.thinking.ScriptedTurns.rambling;
import static dev.ponder.thinking.ScriptedTurns.thought;
import static dev.ponder.thinking.ScriptedTurns.turns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ThinkingRunTests {

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private ScriptedService service;

  @AfterEach
  void stop() {
    service.close();
  }

  private void start(String... properties) {
    service = new ScriptedService(database.settings(data), engine, properties);
  }

  @Test
  void carriesAJobThroughTheFiveStagesToItsAnswer() {
    engine.writes(answering("13"));
    start();

    var job = service.ended(service.submit("How much change?"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().text()).isEqualTo("The answer is 13.");
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.FULL);
    assertThat(job.answer().orElseThrow().confidence()).isGreaterThan(0.8);
    assertThat(job.answer().orElseThrow().restsOn()).contains("3 of 3 branches");
    assertThat(service.thoughts(job.id())).hasSize(7);
    assertThat(service.kinds(job.id())).endsWith(Kind.THOUGHT_FINISHED, Kind.ANSWERED);
  }

  @Test
  void passesConclusionsOnAndNotThoughts() {
    engine.writes(answering("13"));
    start();

    service.ended(service.submit("How much change?"));

    assertThat(asked(Stage.DEEP_EXPLORATION)).allMatch(user -> user.contains("Known: a fact."));
    assertThat(asked(Stage.SYNTHESIS).getFirst()).contains("Branch 3: Answer: 13");
    assertThat(asked(Stage.VERIFICATION).getFirst()).endsWith("Candidate: 13");
    assertThat(asked(Stage.FINAL_OUTPUT).getFirst()).contains("Verified answer: 13");
    assertThat(engine.requests()).noneMatch(r -> r.conversation().user().contains("step"));
  }

  @Test
  void agreementOfTheBranchesOutweighsTheVerification() {
    engine.writes(
        turns(
            Map.of(
                "exploration",
                "Answer: 13",
                "verification",
                "Verdict: wrong\nAnswer: 14\nConfidence: 0.99")));
    start();

    var answer = service.ended(service.submit("How much?")).answer().orElseThrow();

    assertThat(answer.text()).isEqualTo("The answer is 13.");
    assertThat(answer.confidence()).isLessThan(0.8);
    assertThat(answer.restsOn()).contains("verification came to 14");
  }

  @Test
  void verificationSendsADividedJobBackToExploreOnce() {
    engine.writes(
        request ->
            request.conversation().system().contains("exploration")
                ? thought("Answer: " + request.seed() % 1000)
                : turns(Map.of("verification", "Verdict: wrong\nAnswer: 99\nConfidence: 0.50"))
                    .apply(request));
    start();

    var job = service.ended(service.submit("How much?"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.visit()).isEqualTo(2);
    assertThat(service.kinds(job.id())).containsOnlyOnce(Kind.SENT_BACK);
    assertThat(service.thoughts(job.id())).hasSize(1 + 2 * 5 + 1);
    assertThat(job.answer().orElseThrow().text()).isEqualTo("The answer is 99.");
  }

  @Test
  void goesOnWithTheThoughtThatItsEngineBrokeOff() {
    engine.writes(answering("13")).crashesIn(1, 20);
    start();

    var job = service.ended(service.submit("How much change?"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(engine.requests().get(1).written().text()).isNotEmpty();
    Thought first = service.thoughts(job.id()).getFirst();
    assertThat(first.text()).isEqualTo(thought("Known: a fact.\nAsked: a number.\nPlan: count."));
    var resume = service.progress(job.id()).resumes().getFirst();
    assertThat(resume.stage()).isEqualTo("initial_analysis");
    assertThat(resume.tokensKept()).isGreaterThan(0);
    assertThat(resume.tokensAgain()).isZero();
  }

  @Test
  void goesOnFromTheLastChunkAfterTheServiceStopped() {
    engine.writes(answering("13")).takes(Duration.ofMillis(15));
    start();
    var id = service.submit("How much change?");
    service.until(id, job -> service.progress(id).tokens() > 30);

    service.restart();
    engine.takes(Duration.ZERO);
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.thoughts(id).getFirst().text())
        .isEqualTo(thought("Known: a fact.\nAsked: a number.\nPlan: count."));
    assertThat(service.kinds(id)).contains(Kind.THOUGHT_RESUMED);
    int decoded = engine.tokensDecoded(id + "/1");
    int kept =
        service.thoughts(id).stream()
            .filter(t -> t.key().branch() == 1)
            .mapToInt(Thought::tokens)
            .sum();
    assertThat(decoded - kept).isBetween(0, 64);
  }

  @Test
  void pausesAJobWhoseEngineSomebodyHasToMendAndResumesIt() {
    engine
        .writes(answering("13"))
        .cannotBeUsed(new EngineException.Unusable("Model 'scripted' has no key.", null));
    start();
    var id = service.submit("How much change?");
    var paused = service.ended(id);
    assertThat(paused.status()).isEqualTo(JobStatus.PAUSED);
    assertThat(paused.pausedBecause().orElseThrow()).contains("scripted");

    engine.cannotBeUsed(null);
    service.bean(JobCommands.class).resume(id);
    var job = service.until(id, j -> j.status() == JobStatus.COMPLETED);

    assertThat(job.answer().orElseThrow().text()).isEqualTo("The answer is 13.");
  }

  @Test
  void answersAJobWhoseDeadlineComesWhileItIsPaused() {
    engine
        .writes(answering("13"))
        .cannotBeUsed(new EngineException.Unusable("Model 'scripted' has no key.", null));
    start("ponder.thinking.answer-within=2s");
    var id = service.submit(new Submission("How much?", null, null, 6L, null, Map.of()));
    service.until(id, job -> job.status() == JobStatus.PAUSED);

    var job = service.until(id, j -> j.status().isFinal());

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
    assertThat(job.answer().orElseThrow().confidence()).isZero();
    assertThat(job.finishedAt().orElseThrow()).isBefore(job.deadline().at());
  }

  @Test
  void hundredsOfJobsAtOnceAllGetTheirAnswer() {
    engine.writes(request -> "</think>\n\n" + conclusion(request, Map.of(), "13"));
    start();

    List<java.util.UUID> ids =
        IntStream.range(0, 300).mapToObj(i -> service.submit("How much is " + i + "?")).toList();

    assertThat(ids)
        .allSatisfy(id -> assertThat(service.ended(id).status()).isEqualTo(JobStatus.COMPLETED));
  }

  @Test
  void failsAJobThatTheEngineCanNeverTake() {
    engine.writes(answering("13")).refuses(request -> true);
    start();

    var job = service.ended(service.submit("How much change?"));

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.failure().orElseThrow()).isNotBlank();
  }

  @Test
  void closesAThoughtAtItsBudgetAndAsksForTheConclusion() {
    engine.writes(
        request ->
            request.conversation().system().contains("analysis")
                ? rambling(2000) + "</think>\n\nKnown: late."
                : answering("13").apply(request));
    start();

    var job = service.ended(service.submit("How much change?"));

    Thought analysis = service.thoughts(job.id()).getFirst();
    assertThat(analysis.closedBy()).isEqualTo(ClosedBy.BUDGET);
    assertThat(analysis.reasoning()).endsWith("The budget is used up, I answer now.");
    assertThat(analysis.conclusion()).isEqualTo("Known: late.");
    assertThat(analysis.thinkingTokens()).isBetween(400, 512);
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.FULL);
  }

  @Test
  void aThoughtThatItsContextHasNoMoreRoomForEndsAsItIs() {
    engine
        .writes(
            request ->
                request.conversation().system().contains("analysis")
                    ? rambling(2000)
                    : answering("13").apply(request))
        .refuses(request -> request.written().text().length() > 200);
    start();

    var job = service.ended(service.submit("How much change?"));

    Thought analysis = service.thoughts(job.id()).getFirst();
    assertThat(analysis.closedBy()).isEqualTo(ClosedBy.BUDGET);
    assertThat(analysis.conclusion()).isEmpty();
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().text()).contains("13");
  }

  @Test
  void anAnswerOfWhichItsServerKeepsTheRestIsNoFullOne() {
    engine
        .writes(answering("13"))
        .withholds(request -> request.conversation().system().contains("final"));
    start();

    var job = service.ended(service.submit("How much change?"));

    Thought last = service.thoughts(job.id()).getLast();
    assertThat(last.closedBy()).isEqualTo(ClosedBy.SERVER);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().text()).contains("13");
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
  }

  @Test
  void stopsAThoughtThatRepeatsItself() {
    engine.writes(
        request ->
            request.conversation().system().contains("analysis")
                ? "Wait, this is not it. ".repeat(60) + "</think>\n\nKnown: nothing."
                : answering("13").apply(request));
    start();

    var job = service.ended(service.submit("How much change?"));

    assertThat(service.thoughts(job.id()).getFirst().closedBy()).isEqualTo(ClosedBy.LOOP);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void answersPartiallyRatherThanLate() {
    engine
        .writes(request -> rambling(3000) + "</think>\n\n" + conclusion(request, Map.of(), "13"))
        .takes(Duration.ofMillis(20));
    start();

    var job =
        service.ended(service.submit(new Submission("How much?", null, null, 6L, null, Map.of())));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
    assertThat(job.finishedAt().orElseThrow()).isBefore(job.deadline().at());
  }

  @Test
  void answersAtTheDeadlineWhenTheEngineSaysNothingAtAll() {
    IntStream.range(1, 50).forEach(engine::hangsIn);
    start("ponder.thinking.answer-within=1s");

    var job =
        service.ended(service.submit(new Submission("How much?", null, null, 3L, null, Map.of())));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
    assertThat(job.answer().orElseThrow().text()).contains("No answer was reached");
    assertThat(engine.opens()).as("two for each thought: to think, to conclude").isLessThan(15);
    assertThat(job.finishedAt().orElseThrow()).isBefore(job.deadline().at());
  }

  @Test
  void branchesShareTheEvaluationOfTheirPromptsWhereTheEngineCan() {
    engine.writes(answering("13")).can(ScriptedEngine.SHARING);
    start();

    var job = service.ended(service.submit("How much change?"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(engine.shared()).hasSize(1);
    assertThat(engine.shared().getFirst())
        .extracting(request -> request.affinity())
        .containsExactly(job.id() + "/1", job.id() + "/2", job.id() + "/3");
  }

  @Test
  void anEngineThatFailsToShareCostsNothing() {
    engine.writes(answering("13")).can(ScriptedEngine.SHARING).failsToShare();
    start();

    var job = service.ended(service.submit("How much change?"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.kinds(job.id())).doesNotContain(Kind.PAUSED);
  }

  @Test
  void stopsTheEngineWhenTheJobIsCancelled() {
    engine.writes(answering("13")).takes(Duration.ofMillis(50));
    start();
    var id = service.submit("How much change?");
    service.until(id, job -> service.progress(id).tokens() > 3);

    service.bean(JobCommands.class).cancel(id);

    service.until(id, job -> service.bean(RunningJobs.class).find(id).isEmpty());
    assertThat(service.job(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(engine.opens()).isEqualTo(1);
  }

  @Test
  void sameSeedSameAnswers() {
    engine.writes(
        request ->
            request.conversation().system().contains("exploration")
                ? thought("Answer: " + request.seed())
                : answering("13").apply(request));
    start();

    var first = service.ended(service.submit("How much change?"));
    var second = service.ended(service.submit("How much change?"));

    assertThat(texts(second)).isEqualTo(texts(first));
  }

  private List<String> texts(dev.ponder.job.Job job) {
    return service.thoughts(job.id()).stream().map(t -> t.key().id() + t.text()).sorted().toList();
  }

  private List<String> asked(Stage stage) {
    String word =
        stage == Stage.DEEP_EXPLORATION
            ? "exploration"
            : stage == Stage.FINAL_OUTPUT ? "final" : stage.key();
    return engine.requests().stream()
        .filter(request -> request.conversation().system().startsWith("Stage: " + word))
        .map(request -> request.conversation().user())
        .toList();
  }
}
