package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.Thought;
import dev.ponder.model.Models;
import dev.ponder.stage.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// An engine that is away is waited out, like a database that is away.
@ParameterizedClass
@EnumSource(TestDatabase.class)
@Timeout(180)
@Tag("slow")
class AwayEngineIT {

  private static final String AWAY =
      "The server of model 'first' did not answer: nothing seems to listen there.";

  @Parameter TestDatabase database;
  @TempDir Path data;

  private final ScriptedEngine first = new ScriptedEngine("first").writes(answering("13"));
  private final ScriptedEngine second = new ScriptedEngine("second").writes(answering("13"));
  private final Map<String, List<String>> fallbacks = new HashMap<>();
  private ScriptedService service;

  @AfterEach
  void stop() {
    first.comesBack();
    service.close();
  }

  private void start(String... properties) {
    service = new ScriptedService(database.settings(data), new TwoModels(), properties);
  }

  private final class TwoModels implements Models {
    @Override
    public List<String> names() {
      return List.of("first", "second");
    }

    @Override
    public String defaultModel() {
      return "first";
    }

    @Override
    public String pipeline(String model) {
      return "mini";
    }

    @Override
    public Engine engine(String model) {
      return model.equals("first") ? first : second;
    }

    @Override
    public List<String> fallbacks(String model) {
      return fallbacks.getOrDefault(model, List.of());
    }
  }

  private UUID submit(String model, Long seconds) {
    return service.submit(new Submission("How much?", null, model, seconds, null, Map.of()));
  }

  private UUID submit() {
    return submit("first", null);
  }

  private Job waiting(UUID id) {
    return service.until(id, job -> job.waiting().isPresent());
  }

  private Job over(UUID id) {
    return service.until(id, job -> job.status().isFinal());
  }

  private void assertCompletedByItself(UUID id) {
    Job job = over(id);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.FULL);
    assertThat(job.answer().orElseThrow().text()).isEqualTo("The answer is 13.");
    assertThat(job.waiting()).isEmpty();
    assertThat(service.kinds(id)).doesNotContain(Kind.PAUSED);
  }

  private List<JournalEntry> lines(UUID id, Kind kind) {
    return service.journal(id).stream().filter(line -> line.kind() == kind).toList();
  }

  @Test
  void aJobWhoseEngineIsAwaySaysSoAndGoesOnByItself() {
    first.goesAway();
    start("ponder.lease.heartbeat=200ms", "ponder.lease.dead-after=2s");
    Instant before = Instant.now().minusMillis(1);

    var id = submit();
    var job = waiting(id);

    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.waiting().orElseThrow().model()).isEqualTo("first");
    assertThat(job.waiting().orElseThrow().because()).isEqualTo(AWAY);
    assertThat(job.waiting().orElseThrow().since()).isBetween(before, Instant.now());

    Instant beat = service.progress(id).heartbeatAt();
    service.until(
        id, it -> service.progress(id).heartbeatAt().isAfter(beat.plus(Duration.ofSeconds(3))));
    assertThat(service.job(id).lease().epoch()).isEqualTo(1);
    first.comesBack();

    assertCompletedByItself(id);
    assertThat(lines(id, Kind.ENGINE_AWAY)).hasSize(1);
    assertThat(lines(id, Kind.ENGINE_AWAY).getFirst().note()).isEqualTo("first: " + AWAY);
    assertThat(lines(id, Kind.ENGINE_AWAY).getFirst().stage()).isEqualTo("initial_analysis");
    assertThat(lines(id, Kind.ENGINE_BACK)).hasSize(1);
    assertThat(lines(id, Kind.ENGINE_BACK).getFirst().note()).startsWith("It waited for ");
    assertThat(service.journal(id)).allMatch(line -> line.epoch() == 1);
  }

  @Test
  void aThoughtGoesOnInEveryStageWithoutATokenAgain() {
    first.takes(Duration.ofMillis(4));
    start();
    var id = submit();

    for (Stage stage : Stage.values()) {
      service.until(id, job -> service.progress(id).stages().get(stage.ordinal()).tokens() > 20);
      first.goesAway();
      waiting(id);
      first.comesBack();
      service.until(id, job -> job.waiting().isEmpty());
    }

    assertCompletedByItself(id);
    int kept = service.thoughts(id).stream().mapToInt(Thought::tokens).sum();
    int decoded = first.tokensDecoded().values().stream().mapToInt(Integer::intValue).sum();
    assertThat(decoded).isEqualTo(kept);
    assertThat(service.progress(id).resumes())
        .hasSizeBetween(Stage.values().length, Stage.values().length + 2)
        .allMatch(resume -> resume.tokensAgain() == 0 && resume.tokensKept() > 0);
    assertThat(lines(id, Kind.ENGINE_BACK)).hasSize(Stage.values().length);
  }

  @Test
  void anEngineThatCannotGoOnWithATextBeginsTheThoughtAnew() {
    first.can(Capabilities.of(6, 2048, Capability.CANCELLATION)).takes(Duration.ofMillis(4));
    start();
    var id = submit();
    service.until(id, job -> service.progress(id).tokens() > 20);

    first.goesAway();
    waiting(id);
    first.comesBack();

    assertCompletedByItself(id);
    var resume = service.progress(id).resumes().getFirst();
    assertThat(resume.from()).isEqualTo("beginning");
    assertThat(resume.tokensKept()).isZero();
    assertThat(resume.tokensAgain()).isGreaterThan(20);
  }

  @Test
  void theDeadlineGovernsTheWait() {
    first.goesAway();
    start();

    var job = over(submit("first", 6L));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
    assertThat(job.finishedAt().orElseThrow()).isBefore(job.deadline().at());
    assertThat(job.finishedAt().orElseThrow())
        .as("it waited as long as it could")
        .isAfter(job.createdAt().plusSeconds(4));
    assertThat(service.kinds(job.id())).contains(Kind.HURRIED).doesNotContain(Kind.PAUSED);
  }

  @Test
  void aJobWhoseEngineGoesAwayInItsFinalOutputAnswersWithWhatItHas() {
    first.takes(Duration.ofMillis(1));
    start();
    var id = submit("first", 8L);
    service.until(id, job -> service.progress(id).stages().getLast().tokens() > 5);

    first.goesAway();
    var job = over(id);

    assertThat(job.answer().orElseThrow().text()).isEqualTo("13");
    assertThat(job.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
    assertThat(job.answer().orElseThrow().confidence()).isGreaterThan(0.8);
    assertThat(job.finishedAt().orElseThrow()).isBefore(job.deadline().at());
  }

  @Test
  void jobsOnAnotherModelRunWhileAllPlacesWereTakenByThoseThatWait() {
    first.goesAway();
    start("ponder.jobs.running-max=2");
    List<UUID> away = IntStream.range(0, 6).mapToObj(i -> submit()).toList();

    assertCompletedByItself(submit("second", null));
    away.forEach(this::waiting);
    var waiting =
        service.bean(MeterRegistry.class).get("ponder.runs.waiting").tag("model", "first");
    assertThat(waiting.gauge().value()).isEqualTo(6);
    assertThat(service.bean(RunningJobs.class).all()).hasSize(6);

    first.takes(Duration.ofMillis(1)).comesBack();
    away.forEach(this::assertCompletedByItself);
    assertThat(first.mostRunning()).as("two jobs of three branches").isLessThanOrEqualTo(6);
    assertThat(waiting.gauge().value()).isZero();
  }

  @Test
  void aCancelEndsTheWaitAtOnce() {
    first.goesAway();
    start();
    var id = submit();
    waiting(id);

    Instant before = Instant.now();
    service.bean(JobCommands.class).cancel(id);
    service.until(id, job -> service.bean(RunningJobs.class).find(id).isEmpty());

    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(500));
    assertThat(service.job(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(service.job(id).waiting()).isEmpty();
  }

  @Test
  void aServiceThatStopsDoesNotWaitAndItsSuccessorDoes() {
    first.takes(Duration.ofMillis(4));
    start();
    var id = submit();
    service.until(id, job -> service.progress(id).tokens() > 20);
    first.goesAway();
    waiting(id);

    Instant before = Instant.now();
    service.stop();
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    service.start();

    service.until(id, job -> job.waiting().isPresent() && job.lease().epoch() == 2);
    first.comesBack();
    assertCompletedByItself(id);
  }

  @Test
  void aKeyThatIsWrongIsForAPersonToMend() {
    first.cannotBeUsed(
        new EngineException.Unusable("The server does not accept our key: invalid api key.", null));
    start();
    var id = submit();

    var job = service.ended(id);
    assertThat(job.status()).isEqualTo(JobStatus.PAUSED);
    assertThat(job.pausedBecause().orElseThrow()).contains("invalid api key");
    assertThat(service.kinds(id)).doesNotContain(Kind.ENGINE_AWAY);

    first.cannotBeUsed(null);
    service.bean(JobCommands.class).resume(id);
    assertThat(over(id).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void aKeyThatBecomesWrongWhileItWaitsPausesTheJob() {
    first.goesAway();
    start();
    var id = submit();
    waiting(id);

    first.cannotBeUsed(new EngineException.Unusable("The key has been revoked.", null)).comesBack();

    assertThat(service.ended(id).pausedBecause().orElseThrow()).contains("revoked");
    assertThat(service.job(id).waiting()).isEmpty();
  }

  @Test
  void aServerThatIsWellAndFailsEachRequestGetsAHandful() throws InterruptedException {
    first.isUnavailableFor(1_000_000);
    start();
    List<UUID> ids = IntStream.range(0, 8).mapToObj(i -> submit()).toList();
    ids.forEach(this::waiting);
    int before = first.opens();

    Thread.sleep(9_000);

    assertThat(before).as("one for each job").isEqualTo(8);
    assertThat(first.opens() - before).as("after 1, 3 and 7 s, however many wait").isBetween(2, 4);
    first.isUnavailableFor(0);
    ids.forEach(this::assertCompletedByItself);
  }

  @Test
  void healthIsAskedOnceForAllWhoWaitAndNotAfterwards() throws InterruptedException {
    first.goesAway();
    start();
    List<UUID> ids = IntStream.range(0, 8).mapToObj(i -> submit()).toList();
    ids.forEach(this::waiting);

    Thread.sleep(6_000);
    assertThat(first.healths()).as("after 1 and 3 s").isBetween(2, 3);
    first.comesBack();
    ids.forEach(this::assertCompletedByItself);

    int asked = first.healths();
    Thread.sleep(2_500);
    assertThat(first.healths()).isEqualTo(asked);
  }

  @Test
  void aFallbackThatIsBackFirstTakesOver() {
    fallbacks.put("first", List.of("second"));
    first.goesAway();
    second.goesAway();
    start();
    var id = submit();
    var job = waiting(id);
    assertThat(job.waiting().orElseThrow().because()).contains("'first'").contains("'second'");

    second.comesBack();

    assertCompletedByItself(id);
    assertThat(service.progress(id).resumes()).allMatch(it -> "second".equals(it.model()));
  }

  @Test
  void nothingIsWaitedForWhereOnlyPeopleCanHelp() {
    fallbacks.put("first", List.of("second"));
    first.cannotBeUsed(new EngineException.Unusable("No key for 'first'.", null));
    second.cannotBeUsed(new EngineException.Unusable("No key for 'second'.", null));
    start();

    var job = service.ended(submit());

    assertThat(job.status()).isEqualTo(JobStatus.PAUSED);
    assertThat(job.pausedBecause().orElseThrow()).contains("'first'").contains("'second'");
  }

  @Test
  void anEngineThatAsksForTimeGetsIt() {
    first.isUnavailableFor(1).asksToRetryAfter(Duration.ofSeconds(4));
    start();
    var id = submit();
    Instant since = waiting(id).waiting().orElseThrow().since();

    assertCompletedByItself(id);
    assertThat(lines(id, Kind.ENGINE_BACK).getFirst().at())
        .isBetween(since.plusMillis(3_900), since.plusSeconds(7));
  }

  @Test
  void oneJobThatItsServerNeverAnswersDoesNotStopTheOthers() {
    var poison = new ArrayList<Long>();
    first.writes(
        request -> {
          if (request.conversation().user().contains("poison")) {
            poison.add(request.seed());
            throw new EngineException.Unavailable("status 500 (it breaks at this text)", null);
          }
          return answering("13").apply(request);
        });
    first.goesAway();
    start();
    var bad = service.submit(new Submission("It is poison.", null, "first", 20L, null, Map.of()));
    waiting(bad);
    List<UUID> ids = IntStream.range(0, 4).mapToObj(i -> submit()).toList();
    ids.forEach(this::waiting);

    first.comesBack();

    ids.forEach(this::assertCompletedByItself);
    assertThat(over(bad).answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
    assertThat(poison).hasSizeLessThan(8);
  }
}
