package dev.ponder.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.model.Models;
import dev.ponder.thinking.ScriptedService;
import dev.ponder.thinking.ScriptedTurns;
import dev.ponder.thinking.ThinkingSettings;
import dev.ponder.time.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What engines of one node keep of jobs that came to their end on another.
class OrphanedSnapshotsTests {

  @TempDir Path data;
  private final ScriptedEngine engine =
      new ScriptedEngine("scripted").writes(ScriptedTurns.briefly("13"));
  private final List<String> kept = new ArrayList<>();
  private final CountDownLatch tidied = new CountDownLatch(3);
  private @Nullable RuntimeException refused;
  private ScriptedService service;

  @BeforeEach
  void start() {
    service = new ScriptedService(data, engine);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void onlyJobsThatCanGoOnAreKept() {
    UUID completed = service.ended(service.submit("How much change?")).id();
    UUID deleted = service.ended(service.submit("How much change?")).id();
    service.bean(JobCommands.class).delete(deleted);
    engine.cannotBeUsed(new EngineException.Unusable("No key.", null));
    UUID paused = service.ended(service.submit("How much change?")).id();
    kept.addAll(List.of(completed + "/1", deleted + "/2", paused + "/1", "memory/a1b2"));

    left(service.bean(JobCommands.class), Duration.ofDays(1)).tidy();

    assertThat(service.job(paused).status()).isEqualTo(JobStatus.PAUSED);
    assertThat(kept).containsExactly(paused + "/1", "memory/a1b2");
  }

  @Test
  void itIsLookedAtAgainAndAgainUntilTheServiceStops() throws InterruptedException {
    var left = left(service.bean(JobCommands.class), Duration.ofMillis(1));

    left.start();

    assertThat(tidied.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(left.isRunning()).isTrue();
    left.stop();
    assertThat(left.isRunning()).isFalse();
  }

  @Test
  void aDatabaseThatIsAwayKeepsEverything() {
    kept.add(UUID.randomUUID() + "/1");
    var desk = service.bean(JobCommands.class);
    service.close();

    left(desk, Duration.ofDays(1)).tidy();

    assertThat(refused).hasCauseInstanceOf(Exception.class);
    assertThat(kept).hasSize(1);
  }

  private OrphanedSnapshots left(JobCommands desk, Duration every) {
    var settings =
        new ThinkingSettings(
            Duration.ofMillis(500),
            Duration.ofSeconds(20),
            32,
            5,
            6,
            every,
            Duration.ofSeconds(10));
    return new OrphanedSnapshots(new Keeping(), desk, Threads.ofThePlatform(), settings);
  }

  /// Models of which nothing is asked but to tidy up.
  private final class Keeping implements Models {
    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public String defaultModel() {
      throw new AssertionError("nobody asks");
    }

    @Override
    public String pipeline(String model) {
      throw new AssertionError("nobody asks");
    }

    @Override
    public Engine engine(String model) {
      throw new AssertionError("nobody asks");
    }

    @Override
    public void tidy(Predicate<String> goesOn) {
      try {
        kept.removeIf(goesOn.negate());
      } catch (RuntimeException databaseAway) {
        refused = databaseAway;
        throw databaseAway;
      }
      tidied.countDown();
    }
  }
}
