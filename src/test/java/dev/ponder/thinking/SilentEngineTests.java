package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.JournalEntry.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The engine evaluates a long prompt: it has the request, and no token comes for many leases'
/// length. Silence is not taken for death.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SilentEngineTests {

  private static final Duration DEAD_AFTER = Duration.ofSeconds(2);

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").hangsIn(1);
  private ScriptedService service;
  private UUID job;

  @BeforeEach
  void startAJobWhoseEngineSaysNothing() {
    service =
        new ScriptedService(
            database.settings(data),
            engine,
            "ponder.lease.heartbeat=200ms",
            "ponder.lease.dead-after=" + DEAD_AFTER.toMillis() + "ms");
    job = service.submit("How much change?");
    service.until(job, j -> engine.opens() == 1);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void theHeartbeatGoesOnAndNobodyElseTakesTheJob() {
    Instant begun = service.progress(job).heartbeatAt();

    service.until(
        job,
        j -> service.progress(job).heartbeatAt().isAfter(begun.plus(DEAD_AFTER.multipliedBy(3))));

    assertThat(service.job(job).lease().epoch()).isEqualTo(1);
    assertThat(service.job(job).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(service.kinds(job)).containsExactly(Kind.STAGE_ENTERED);
    assertThat(engine.opens()).isEqualTo(1);
  }

  @Test
  void aCancelStopsItAtOnce() {
    service.bean(JobCommands.class).cancel(job);

    service.until(job, j -> service.bean(RunningJobs.class).find(job).isEmpty());
    assertThat(service.job(job).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(engine.opens()).isEqualTo(1);
  }
}
