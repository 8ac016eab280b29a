package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.conclusion;
import static dev.ponder.thinking.ScriptedTurns.rambling;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.DatabaseFaults;
import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.JournalEntry.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/// The database goes away while a job thinks: connections break, none is free, its disk is full.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class DatabaseAwayTests {

  private static final int BOUND = 128;
  private static final int CHUNK = 16;

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private final DatabaseFaults faults = new DatabaseFaults();
  private ScriptedService service;

  @AfterEach
  void stop() {
    faults.isBack();
    service.close();
  }

  @Test
  void aThoughtGoesOnWhileConnectionsAreLostAndNoTokenIsDecodedTwice() {
    engine.takes(Duration.ofMillis(10));
    start();
    UUID job = thinking(20);
    int before = engine.tokensDecoded(job + "/1");

    faults.isAway();
    until(() -> engine.tokensDecoded(job + "/1") >= before + 3 * CHUNK);
    until(() -> health().getStatus().equals(Status.DOWN));
    faults.isBack();
    engine.takes(Duration.ZERO);

    assertWentOnAsIfNothingHadBeen(job);
  }

  @Test
  void aThoughtWaitsWhenItsBacklogIsFull() {
    engine.takes(Duration.ofMillis(2));
    start();
    UUID job = thinking(20);
    int before = decoded(job);

    faults.isAway();
    int waited = settledTokens(job);
    faults.isBack();
    engine.takes(Duration.ZERO);

    assertThat(waited - before).isBetween(BOUND - CHUNK, BOUND + 3 * CHUNK);
    assertWentOnAsIfNothingHadBeen(job);
  }

  @Test
  void aFullDiskIsWaitedOut() {
    engine.takes(Duration.ofMillis(5));
    start();
    UUID job = thinking(20);

    faults.isFull();
    until(() -> health().getStatus().equals(Status.DOWN));
    faults.isBack();
    engine.takes(Duration.ZERO);

    assertWentOnAsIfNothingHadBeen(job);
  }

  @Test
  void aPoolWithoutAFreeConnectionIsWaitedOut() throws SQLException {
    engine.takes(Duration.ofMillis(5));
    start("spring.datasource.hikari.maximum-pool-size=4");
    UUID job = thinking(20);

    List<Connection> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(service.bean(DataSource.class).getConnection());
    }
    until(() -> health().getStatus().equals(Status.DOWN));
    for (Connection connection : taken) {
      connection.close();
    }
    engine.takes(Duration.ZERO);

    assertWentOnAsIfNothingHadBeen(job);
  }

  private void start(String... more) {
    engine.writes(request -> rambling(300) + "</think>\n\n" + conclusion(request, Map.of(), "13"));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "ponder.journal.chunk-tokens=" + CHUNK,
                "ponder.journal.unwritten-max=" + BOUND,
                "ponder.journal.retry-every=50ms",
                "ponder.lease.heartbeat=200ms",
                "ponder.lease.dead-after=600ms",
                "spring.datasource.hikari.connection-timeout=250"));
    settings.addAll(List.of(more));
    service =
        new ScriptedService(
            database.settings(data), faults, engine, settings.toArray(String[]::new));
  }

  /// A job whose first thought has so many tokens.
  private UUID thinking(int tokens) {
    UUID job = service.submit("How much change?");
    until(() -> engine.tokensDecoded(job + "/1") >= tokens);
    return job;
  }

  private void assertWentOnAsIfNothingHadBeen(UUID job) {
    assertThat(service.ended(job).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.kinds(job)).doesNotContain(Kind.THOUGHT_RESUMED, Kind.PAUSED);
    assertThat(service.kinds(job).stream().filter(kind -> kind == Kind.STAGE_ENTERED)).hasSize(5);
    assertThat(service.thoughts(job).stream().mapToInt(thought -> thought.tokens()).sum())
        .as("tokens kept, of tokens decoded")
        .isEqualTo(decoded(job));
    assertThat(health().getStatus()).isEqualTo(Status.UP);
  }

  private int decoded(UUID job) {
    int sum = 0;
    for (int branch = 1; branch <= 3; branch++) {
      sum += engine.tokensDecoded(job + "/" + branch);
    }
    return sum;
  }

  /// The tokens decoded once no more come.
  private int settledTokens(UUID job) {
    int before = -1;
    int now = decoded(job);
    while (now != before) {
      before = now;
      for (int i = 0; i < 50; i++) {
        ScriptedService.pause();
      }
      now = decoded(job);
    }
    return now;
  }

  private static void until(BooleanSupplier reached) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for a minute").isLessThan(end);
      ScriptedService.pause();
    }
  }

  private Health health() {
    return (service.bean("journal", HealthIndicator.class)).health();
  }
}
