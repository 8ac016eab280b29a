package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstJobsTests {

  @TempDir Path data;

  @Test
  void aJobThatFitsItsContextHasNothingCounted() {
    var engine = new ScriptedEngine("scripted").writes(ScriptedTurns.answering("13"));
    try (var service = new ScriptedService(data, engine)) {

      var job = service.ended(service.submit("How much change?"));

      assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
      assertThat(engine.counted()).isZero();
    }
  }

  @Test
  void theFirstJobsOfANewDatabaseMayComeTogether() throws Exception {
    List<UUID> accepted = new ArrayList<>();
    try (var service = new ScriptedService(data, new ScriptedEngine("scripted"));
        var clients = Executors.newFixedThreadPool(8)) {
      var together = new CountDownLatch(8);
      List<Future<UUID>> submitted = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        submitted.add(
            clients.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return service.submit("How much change?");
                }));
      }

      for (Future<UUID> each : submitted) {
        accepted.add(each.get());
      }

      assertThat(accepted)
          .allMatch(id -> service.ended(id).status() == JobStatus.COMPLETED)
          .doesNotHaveDuplicates();
    }
  }
}
