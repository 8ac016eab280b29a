package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.conclusion;
import static dev.ponder.thinking.ScriptedTurns.rambling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.database.FullDisk;
import dev.ponder.database.SmallDisk;
import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.Thought;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.util.unit.DataSize;

/// The disk of the database is full. PostgreSQL refuses what it has no room for. H2 would close its
/// database for good: as long as Ponder sees it coming, nothing is written and what is stored can
/// be read; if a write fails all the same, Ponder opens the database again.
class FullDiskTests {

  private static final int CHUNK = 16;

  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private @Nullable SmallDisk disk;
  private ScriptedService service;

  @AfterEach
  void stop() {
    FullDisk.hasSpace();
    service.close();
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void whatIsStoredIsReadAndNothingIsWrittenWhileTheDiskHasLittleRoom() throws Exception {
    disk = SmallDisk.of(data, DataSize.ofMegabytes(48));
    service =
        new ScriptedService(
            TestDatabase.H2.settings(data),
            thinking(),
            "ponder.database.disk-reserve=16MB",
            "ponder.journal.chunk-tokens=" + CHUNK,
            "ponder.journal.retry-every=50ms");
    UUID job = service.submit("How much change?");
    until(() -> engine.tokensDecoded(job + "/1") >= 20);

    disk.fill(DataSize.ofMegabytes(8));
    until(() -> get("/actuator/health/readiness") == 503);
    int before = engine.tokensDecoded(job + "/1");
    HttpResponse<String> refused = post("/v1/jobs", "{\"prompt\": \"And now?\"}");
    until(() -> engine.tokensDecoded(job + "/1") > before);

    assertThat(get("/v1/jobs/" + job)).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(507);
    assertThat(refused.body())
        .contains("ponder.database.disk-reserve", "MB free", "16 MB")
        .contains("/problems/storage-full");
    disk.free();
    isAnsweredWithNothingDecodedTwice(job);
  }

  @Test
  void aJobGoesOnWhenThereIsSpaceAgainAfterAWriteHasFailed() {
    service =
        new ScriptedService(
            FullDisk.settings(data),
            thinking(),
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

    assertThat(meanwhile).as("answers while nothing could be written").isSubsetOf(200, 503);
    isAnsweredWithNothingDecodedTwice(job);
  }

  @Test
  void aThreadThatIsInterruptedInTheDatabaseTakesItAwayFromNobodyForLong() throws Exception {
    service =
        new ScriptedService(
            TestDatabase.H2.settings(data), thinking(), "ponder.journal.retry-every=50ms");
    UUID job = service.submit("How much change?");
    until(() -> engine.tokensDecoded(job + "/1") >= 20);

    var submission =
        new FutureTask<UUID>(
            () -> {
              Thread.currentThread().interrupt();
              return service.submit("And now?");
            });
    Thread.ofVirtual().start(submission);

    assertThatThrownBy(submission::get).hasCauseInstanceOf(DataAccessException.class);
    isAnsweredWithNothingDecodedTwice(job);
  }

  @Test
  void onPostgresAFullDiskIsTheSameProblemAndLosesNothing() throws Exception {
    disk = SmallDisk.of(data, DataSize.ofMegabytes(192));
    try (var postgres =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(new File("target/postgres"))
            .setDataDirectory(data.resolve("tables"))
            .start()) {
      service =
          new ScriptedService(
              List.of(
                  "ponder.data=" + data,
                  "spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                  "spring.datasource.username=postgres"),
              thinking(),
              "ponder.journal.chunk-tokens=" + CHUNK,
              "ponder.journal.retry-every=50ms");
      UUID job = service.submit("How much change?");
      until(() -> engine.tokensDecoded(job + "/1") >= 20);

      disk.fill(DataSize.ofBytes(0));
      HttpResponse<String> refused = fillTables();

      assertThat(get("/v1/jobs/" + job)).isEqualTo(200);
      assertThat(refused.body()).contains("/problems/storage-full", "No space left on device");
      disk.free();
      isAnsweredWithNothingDecodedTwice(job);
      service.close();
    }
  }

  /// Submits until there is no room for another. What PostgreSQL has set aside already it uses.
  private HttpResponse<String> fillTables() {
    var random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      String prompt =
          random
              .ints(50_000, 'a', 'z' + 1)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      var response = post("/v1/jobs", "{\"prompt\": \"" + prompt + "\"}");
      if (response.statusCode() != 202) {
        return response;
      }
    }
    throw new AssertionError("There is room for ever");
  }

  @Test
  void eachCommitIsForcedToTheDiskWhereThatIsAskedFor() {
    service =
        new ScriptedService(
            FullDisk.settings(data), engine.hangsIn(1), "ponder.database.force-writes=true");
    int before = FullDisk.forces();

    for (int i = 0; i < 10; i++) {
      service.submit("How much change?");
    }

    assertThat(FullDisk.forces() - before).isGreaterThanOrEqualTo(10);
  }

  private ScriptedEngine thinking() {
    engine
        .takes(Duration.ofMillis(5))
        .writes(request -> rambling(300) + "</think>\n\n" + conclusion(request, Map.of(), "13"));
    return engine;
  }

  private void isAnsweredWithNothingDecodedTwice(UUID job) {
    engine.takes(Duration.ZERO);
    until(() -> get("/v1/jobs/" + job) == 200);
    assertThat(service.ended(job).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.kinds(job)).doesNotContain(Kind.THOUGHT_RESUMED, Kind.PAUSED);
    assertThat(service.thoughts(job).stream().mapToInt(Thought::tokens).sum())
        .as("tokens kept, of tokens decoded")
        .isEqualTo(engine.tokensDecoded().values().stream().mapToInt(Integer::intValue).sum());
    until(() -> get("/actuator/health/readiness") == 200);
  }

  private int get(String path) {
    return send(request(path).build()).statusCode();
  }

  private HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
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
