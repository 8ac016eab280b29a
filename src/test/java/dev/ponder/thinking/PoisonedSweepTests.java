package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static dev.ponder.thinking.ScriptedTurns.isCompression;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.housekeeping.MemorySweep;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A thought or a job that breaks whatever touches it costs the sweep that thought or that job.
class PoisonedSweepTests {

  private static final int THOUGHTS = 7;
  private static final String POISON = "Poison is in this one.\n";

  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private ScriptedService service;

  @BeforeEach
  void start() {
    engine.writes(poisoning(compressible("13")));
    service =
        new ScriptedService(TestDatabase.H2.settings(data), engine, "ponder.archive.after=0s");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private static Function<GenerationRequest, String> poisoning(
      Function<GenerationRequest, String> script) {
    return request ->
        (request.conversation().system().startsWith("Stage: synthesis") ? POISON : "")
            + script.apply(request);
  }

  static List<Supplier<Throwable>> failures() {
    return List.of(
        StackOverflowError::new,
        AssertionError::new,
        () -> new IllegalStateException("A mistake with content in its message"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theSweepGoesOnBehindAThoughtThatBreaksIt(Supplier<Throwable> failure) {
    UUID job = service.ended(service.submit("How much change?")).id();
    var touched = new AtomicInteger();
    engine.writes(
        request -> {
          if (isCompression(request) && request.conversation().user().contains(POISON.strip())) {
            touched.incrementAndGet();
            throw sneaky(failure.get());
          }
          return compressible("13").apply(request);
        });
    var sweep = service.bean(MemorySweep.class);

    sweep.compress();
    var left = marks(job);
    sweep.compress();

    assertThat(touched).hasValue(1);
    assertThat(left).hasSize(THOUGHTS).containsOnlyOnce("REJECTED").contains("COMPRESSED");
    assertThat(marks(job)).isEqualTo(left);
    assertThat(note())
        .contains("an error broke its compression off", failure.get().getClass().getSimpleName())
        .doesNotContain("with content");
    assertThat(new Http(service.port()).job(job, "/thoughts/synthesis.1.1").at("/form"))
        .isEqualTo("original");
    assertThat(health()).isEqualTo("UP");
  }

  @Test
  void whatFailsEachThoughtEndsTheSweepAndShowsButJobsAreArchived() {
    List<UUID> jobs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      jobs.add(service.ended(service.submit("How much change?")).id());
    }
    engine.writes(
        request -> {
          throw new IllegalStateException("A mistake with content in its message");
        });
    var sweep = service.bean(MemorySweep.class);

    Throwable ended = catchThrowable(sweep::sweep);
    String failing = health();
    String component =
        service.bean("memorySweepHealthIndicator", HealthIndicator.class).health().toString();
    double failures = failures("compressing");
    sweep.sweep();

    assertThat(ended).hasMessageContaining("20 thoughts").hasMessageNotContaining("with content");
    assertThat(jobs).allMatch(job -> service.job(job).archivedAt().isPresent());
    assertThat(failing).isEqualTo("DEGRADED");
    assertThat(component)
        .contains("failingSince", "IllegalStateException")
        .doesNotContain("with content");
    assertThat(failures).isEqualTo(1);
    assertThat(failures("archiving")).isZero();
    assertThat(health()).isEqualTo("UP");
    assertThat(
            service
                .bean(MeterRegistry.class)
                .get("ponder.memory.sweep.last.success")
                .tag("part", "compressing")
                .gauge()
                .value())
        .isPositive();
  }

  @Test
  void aJobThatCannotBeArchivedKeepsNoOtherFromIt() {
    UUID broken = service.ended(service.submit("How much change?")).id();
    UUID sound = service.ended(service.submit("How much change?")).id();
    service
        .bean(JdbcClient.class)
        .sql("update journal set kind = 'NONSENSE' where job_id = ?")
        .param(broken)
        .update();

    int archived = service.bean(MemorySweep.class).archive();

    assertThat(archived).isOne();
    assertThat(service.job(sound).archivedAt()).isPresent();
    assertThat(service.job(broken).archivedAt()).isEmpty();
  }

  private List<String> marks(UUID job) {
    return service
        .bean(JdbcClient.class)
        .sql("select swept from thought where job_id = ? order by id")
        .param(job)
        .query(String.class)
        .list();
  }

  private String note() {
    return service
        .bean(JdbcClient.class)
        .sql("select sweep_note from thought where swept = 'REJECTED'")
        .query(String.class)
        .single();
  }

  private String health() {
    return new Http(service.port()).get("/actuator/health").at("/status");
  }

  private double failures(String part) {
    return service
        .bean(MeterRegistry.class)
        .get("ponder.memory.sweep.failures")
        .tag("part", part)
        .counter()
        .count();
  }

  private static RuntimeException sneaky(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }
}
