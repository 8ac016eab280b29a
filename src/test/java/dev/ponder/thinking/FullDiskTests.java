package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.conclusion;
import static dev.ponder.thinking.ScriptedTurns.rambling;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.checkpoint.JournalEntry.Kind;
import dev.ponder.database.FullDisk;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The disk of an H2 file is full. H2 then closes its database for good; Ponder opens it again.
///
/// Runs with `-Dponder.full-disk=true` only: in one of nine runs a request got no answer within
/// 60 s, and nobody has found out yet where it waited.
@EnabledIfSystemProperty(named = "ponder.full-disk", matches = "true")
class FullDiskTests {

  private static final int CHUNK = 16;

  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private ScriptedService service;

  @AfterEach
  void stop() {
    FullDisk.hasSpace();
    service.close();
  }

  @Test
  void aJobGoesOnWhenThereIsSpaceAgainAndNothingIsDecodedTwice() throws Exception {
    engine
        .takes(Duration.ofMillis(5))
        .writes(request -> rambling(300) + "</think>\n\n" + conclusion(request, Map.of(), "13"));
    service =
        new ScriptedService(
            FullDisk.settings(data),
            engine,
            "ponder.journal.chunk-tokens=" + CHUNK,
            "ponder.journal.retry-every=50ms");
    UUID job = service.submit("How much change?");
    until(() -> engine.tokensDecoded(job + "/1") >= 20);

    FullDisk.isFull();
    until(() -> get("/actuator/health/readiness") == 503);
    List<Integer> meanwhile = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      meanwhile.add(get("/v1/jobs/" + job));
    }
    FullDisk.hasSpace();
    engine.takes(Duration.ZERO);
    until(() -> get("/v1/jobs/" + job) == 200);

    assertThat(service.ended(job).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(meanwhile).as("answers while nothing could be written").isSubsetOf(200, 503);
    assertThat(service.kinds(job)).doesNotContain(Kind.THOUGHT_RESUMED, Kind.PAUSED);
    assertThat(service.thoughts(job).stream().mapToInt(thought -> thought.tokens()).sum())
        .as("tokens kept, of tokens decoded")
        .isEqualTo(engine.tokensDecoded().values().stream().mapToInt(Integer::intValue).sum());
    assertThat(get("/actuator/health/readiness")).isEqualTo(200);
  }

  private int get(String path) {
    URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void until(BooleanSupplier reached) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for a minute").isLessThan(end);
      ScriptedService.pause();
    }
  }
}
