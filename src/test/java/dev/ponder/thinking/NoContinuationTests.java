package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static dev.ponder.thinking.ScriptedTurns.rambling;
import static dev.ponder.thinking.ScriptedTurns.thought;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobStatus;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// An engine that cannot go on with a text that was begun.
@ParameterizedClass
@EnumSource(TestDatabase.class)
@Timeout(120)
class NoContinuationTests {

  private static final String ANALYSIS = thought("Known: a fact.\nAsked: a number.\nPlan: count.");

  @Parameter TestDatabase database;
  @TempDir Path data;

  private final ScriptedEngine engine =
      new ScriptedEngine("scripted")
          .writes(answering("13"))
          .can(Capabilities.of(6, 2048, Capability.CANCELLATION));

  private ScriptedService service;

  @AfterEach
  void stop() {
    service.close();
  }

  private void start() {
    service =
        new ScriptedService(database.settings(data), engine, "ponder.thinking.interruptions-max=3");
  }

  private UUID submit() {
    return service.submit("How much change?");
  }

  private List<Resume> resumes(UUID id) {
    return service.progress(id).resumes();
  }

  @Test
  void beginsABrokenThoughtAnewAndTheJobSaysSo() {
    engine.crashesIn(1, 30);
    start();

    var id = submit();
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.thoughts(id).getFirst().text()).isEqualTo(ANALYSIS);
    assertThat(engine.requests()).allMatch(request -> request.written().text().isEmpty());
    Resume resume = resumes(id).getFirst();
    assertThat(resume.from()).isEqualTo("beginning");
    assertThat(resume.tokensKept()).isZero();
    assertThat(resume.tokensAgain()).isPositive();
    assertThat(resume.because()).isNull();
  }

  @Test
  void beginsAnewAfterTheServiceStopped() {
    engine.takes(Duration.ofMillis(15));
    start();
    var id = submit();
    service.until(id, job -> service.progress(id).tokens() > 70);

    service.restart();
    engine.takes(Duration.ZERO);
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.thoughts(id).getFirst().text()).isEqualTo(ANALYSIS);
    assertThat(resumes(id).getFirst().from()).isEqualTo("beginning");
    assertThat(resumes(id).getFirst().tokensAgain()).isGreaterThan(60);
  }

  @Test
  void aThoughtIsNotBegunAnewForEverButConcludesFromWhatThereIs() {
    for (int request = 1; request <= 4; request++) {
      engine.crashesIn(request, 30);
    }
    engine.writes(
        request ->
            request.conversation().user().contains("You have thought about this")
                ? "Yes.\n</think>\n\nKnown: half of it."
                : answering("13").apply(request));
    start();

    var job = service.ended(submit());

    Thought analysis = service.thoughts(job.id()).getFirst();
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(engine.opens()).as("four in vain, one to conclude, six more thoughts").isEqualTo(11);
    assertThat(analysis.closedBy()).isEqualTo(ClosedBy.INTERRUPTIONS);
    assertThat(analysis.conclusion()).isEqualTo("Known: half of it.");
    assertThat(ANALYSIS).startsWith(analysis.reasoning().lines().findFirst().orElseThrow());
    assertThat(resumes(job.id()))
        .extracting(Resume::from)
        .containsExactly("beginning", "beginning", "beginning", "text");
  }

  @Test
  void aConclusionThatIsBrokenOffAgainAndAgainEndsAsItIs() {
    for (int request = 1; request <= 4; request++) {
      engine.crashesIn(request, engine.countTokens(ANALYSIS) - 4);
    }
    start();

    var job = service.ended(submit());

    Thought analysis = service.thoughts(job.id()).getFirst();
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(analysis.closedBy()).isEqualTo(ClosedBy.INTERRUPTIONS);
    assertThat(analysis.conclusion()).startsWith("Known:");
    assertThat(ANALYSIS).startsWith(analysis.text());
  }

  @Test
  void concludesAThoughtThatWasClosedInARequestOfItsOwn() {
    engine.writes(
        request ->
            request.conversation().user().contains("You have thought about this")
                ? "Yes.\n</think>\n\nKnown: late."
                : request.conversation().system().contains("analysis")
                    ? rambling(2000)
                    : answering("13").apply(request));
    start();

    var job = service.ended(submit());

    Thought analysis = service.thoughts(job.id()).getFirst();
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(analysis.closedBy()).isEqualTo(ClosedBy.BUDGET);
    assertThat(analysis.conclusion()).isEqualTo("Known: late.");
    assertThat(analysis.reasoning()).doesNotContain("Yes.");
    assertThat(analysis.key().stage()).isEqualTo(Stage.INITIAL_ANALYSIS);
    assertThat(resumes(job.id())).isEmpty();
  }
}
