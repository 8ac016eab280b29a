package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static dev.ponder.thinking.ScriptedTurns.thought;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.model.Models;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A job whose own engine cannot be had.
@Timeout(120)
class FallbackTests {

  private static final String ANALYSIS = thought("Known: a fact.\nAsked: a number.\nPlan: count.");
  private static final Capabilities NO_CONTINUATION =
      Capabilities.of(6, 2048, Capability.CANCELLATION);

  @TempDir Path data;

  private final ScriptedEngine first = new ScriptedEngine("first").writes(answering("13"));
  private final ScriptedEngine second = new ScriptedEngine("second").writes(answering("13"));
  private final SeveralModels models = new SeveralModels();
  private ScriptedService service;

  @AfterEach
  void stop() {
    service.close();
  }

  /// The first model is the job's; the others take over from it.
  private static final class SeveralModels implements Models {
    private final Map<String, Engine> engines = new LinkedHashMap<>();
    private final List<String> resting = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public List<String> names() {
      return List.copyOf(engines.keySet());
    }

    @Override
    public String defaultModel() {
      return engines.keySet().iterator().next();
    }

    @Override
    public String pipeline(String model) {
      return "mini";
    }

    @Override
    public Engine engine(String model) {
      return engines.get(model);
    }

    @Override
    public List<String> fallbacks(String model) {
      return engines.keySet().stream().skip(1).toList();
    }

    @Override
    public boolean resting(String model) {
      return resting.contains(model);
    }
  }

  private void start(Engine... engines) {
    for (Engine engine : engines) {
      models.engines.put(engine.model(), engine);
    }
    service =
        new ScriptedService(
            TestDatabase.H2.settings(data), models, "ponder.thinking.interruptions-max=3");
  }

  private UUID submit() {
    return service.submit("How much change?");
  }

  private List<Resume> resumes(UUID id) {
    return service.progress(id).resumes();
  }

  /// Dies for good in its first thought, after so many tokens.
  private void dies(ScriptedEngine engine, int afterTokens) {
    engine.crashesIn(1, afterTokens);
    var asked = new AtomicInteger();
    engine.writes(
        request -> {
          if (asked.incrementAndGet() == 1) {
            engine.isUnavailableFor(100_000);
          }
          return answering("13").apply(request);
        });
  }

  @Test
  void anotherModelGoesOnFromTheTextWhenTheEngineDiesForGoodInTheMiddleOfAThought() {
    dies(first, 20);
    start(first, second);

    var id = submit();
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.model()).isEqualTo("first");
    assertThat(service.thoughts(id).getFirst().text()).isEqualTo(ANALYSIS);
    assertThat(second.requests().getFirst().written().text()).isNotEmpty();
    assertThat(second.requests().getFirst().written().ids()).isEmpty();
    Resume resume = resumes(id).getFirst();
    assertThat(resume.model()).isEqualTo("second");
    assertThat(resume.from()).isEqualTo("text");
    assertThat(resume.tokensKept()).isPositive();
    assertThat(resume.because()).contains("first");
    assertThat(service.kinds(id)).doesNotContain(Kind.PAUSED);
  }

  @Test
  void everyThoughtOfAnotherModelIsMarked() {
    first.isUnavailableFor(100_000);
    start(first, second);

    var id = submit();
    service.ended(id);

    assertThat(resumes(id))
        .hasSize(7)
        .allSatisfy(
            resume -> {
              assertThat(resume.model()).isEqualTo("second");
              assertThat(resume.from()).isEqualTo("beginning");
              assertThat(resume.tokensKept()).isZero();
            });
    assertThat(first.requests()).isEmpty();
  }

  @Test
  void theThirdTakesOverWhenTheSecondCannotEither() {
    var third = new ScriptedEngine("third").writes(answering("13"));
    dies(first, 20);
    second.refuses(request -> true);
    start(first, second, third);

    var id = submit();
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(resumes(id).getFirst().model()).isEqualTo("third");
    assertThat(third.requests()).hasSize(7);
  }

  @Test
  void theJobWaitsWithBothReasonsWhenNoneCan() {
    first.isUnavailableFor(100_000);
    second.isUnavailableFor(100_000);
    start(first, second);

    var job = service.until(submit(), it -> it.waiting().isPresent());

    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.waiting().orElseThrow().because()).contains("'first'").contains("'second'");
  }

  @Test
  void withoutAFallbackTheJobWaitsAndGoesOnWithItsOwnModel() {
    dies(first, 20);
    start(first);
    var id = submit();
    service.until(id, it -> it.waiting().isPresent());

    first.isUnavailableFor(0);
    var job = service.until(id, it -> it.status() == JobStatus.COMPLETED);

    assertThat(service.thoughts(job.id()).getFirst().text()).isEqualTo(ANALYSIS);
    assertThat(resumes(id)).allMatch(resume -> "first".equals(resume.model()));
  }

  @Test
  void theNextStageIsBackWithTheJobsOwnModelOnceItIsWell() {
    var asked = new AtomicInteger();
    first.crashesIn(1, 20);
    first.writes(
        request -> {
          if (asked.incrementAndGet() == 1) {
            first.isUnavailableFor(100_000);
          }
          return answering("13").apply(request);
        });
    second.writes(
        request -> {
          first.isUnavailableFor(0);
          return answering("13").apply(request);
        });
    start(first, second);

    var id = submit();
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(second.requests()).hasSize(1);
    assertThat(first.requests()).hasSize(7);
    assertThat(resumes(id)).hasSize(1);
  }

  @Test
  void aModelThatIsLeftAloneIsPassedOver() {
    models.resting.add("first");
    start(first, second);

    var id = submit();
    service.ended(id);

    assertThat(first.opens()).isZero();
    assertThat(resumes(id).getFirst().because()).contains("left alone");
  }

  @Test
  void theIdsOfOneModelAreNeverGivenToTheOther() {
    dies(first, 20);
    second.takes(Duration.ofMillis(15));
    start(first, second);
    var id = submit();
    service.until(id, job -> service.progress(id).tokens() > 60 && second.opens() > 0);

    first.isUnavailableFor(0);
    service.restart();
    second.takes(Duration.ZERO);
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.thoughts(id).getFirst().text()).isEqualTo(ANALYSIS);
    GenerationRequest continued =
        first.requests().stream()
            .filter(request -> !request.written().text().isEmpty())
            .findFirst()
            .orElseThrow();
    assertThat(continued.written().ids()).isEmpty();
  }

  @Test
  void aRefusalOfTheJobsOwnModelIsTheFaultOfTheRequest() {
    first.refuses(request -> true);
    start(first, second);

    assertThat(service.ended(submit()).status()).isEqualTo(JobStatus.FAILED);
    assertThat(second.opens()).isZero();
  }

  @Test
  void aFallbackThatCannotGoOnBeginsTheThoughtAnew() {
    dies(first, 20);
    second.can(NO_CONTINUATION);
    start(first, second);

    var id = submit();
    var job = service.ended(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    Resume resume = resumes(id).getFirst();
    assertThat(resume.model()).isEqualTo("second");
    assertThat(resume.from()).isEqualTo("beginning");
    assertThat(resume.tokensAgain()).isPositive();
    assertThat(service.thoughts(id).getFirst().text()).isEqualTo(ANALYSIS);
  }
}
