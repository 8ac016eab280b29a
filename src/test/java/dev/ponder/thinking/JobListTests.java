package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.DatabaseFaults;
import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.archive.Archive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A list says of each job what a look at the job says, and costs the same however many it has.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class JobListTests {

  private static final int MOST_STATEMENTS = 5;

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").writes(answering("13"));
  private final DatabaseFaults statements = new DatabaseFaults();
  private ScriptedService service;
  private Http http;

  @BeforeEach
  void start() {
    service =
        new ScriptedService(
            database.settings(data), statements, engine, "ponder.journal.chunk-tokens=8");
    http = new Http(service.port());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aListSaysOfEachJobWhatALookAtItSays() {
    completed();
    archived(completed());
    cancelled();
    archived(cancelled());
    archivedBeforeTokensWereCounted(cancelled());
    UUID running = running();

    JsonNode items = http.get("/v1/jobs").body().get("items");

    assertThat(items.size()).isEqualTo(6);
    assertThat(items.get(0).get("id").asString()).isEqualTo(running.toString());
    assertThat(items.get(0).at("/progress/tokens").asLong()).isGreaterThan(40);
    assertThat(items.get(0).at("/progress/percent").asDouble()).isPositive();
    for (JsonNode item : items.values().stream().skip(1).toList()) {
      assertThat(item).isEqualTo(asListed(UUID.fromString(item.get("id").asString())));
      assertThat(item.at("/progress/tokens").asLong()).isPositive();
    }
  }

  @Test
  void aListMakesAsManyStatementsForManyJobsAsForOne() {
    archived(completed());
    cancelled();
    running();
    completed();
    archived(cancelled());

    List<String> forOne = statementsOf("/v1/jobs?limit=1");
    List<String> forAll = statementsOf("/v1/jobs?limit=200");

    assertThat(forAll).hasSameSizeAs(forOne).hasSizeLessThanOrEqualTo(MOST_STATEMENTS);
    assertThat(forAll).noneMatch(statement -> statement.contains("archive_part"));
  }

  private UUID completed() {
    engine.takes(Duration.ZERO);
    return service.ended(service.submit("How much change?")).id();
  }

  private UUID cancelled() {
    UUID job = running();
    service.bean(JobCommands.class).cancel(job);
    service.until(job, found -> found.status() == JobStatus.CANCELLED);
    return job;
  }

  private UUID running() {
    engine.takes(Duration.ofMillis(20));
    UUID job = service.submit("How much change?");
    service.until(job, found -> service.progress(job).tokens() > 40);
    return job;
  }

  private void archived(UUID job) {
    assertThat(service.bean(Archive.class).archive(job)).isTrue();
  }

  private void archivedBeforeTokensWereCounted(UUID job) {
    archived(job);
    service
        .bean(JdbcClient.class)
        .sql("update job set archived_tokens = null where id = :job")
        .param("job", job)
        .update();
  }

  /// What a list should say of a job: what a look at it says, less what is only there.
  private JsonNode asListed(UUID job) {
    var body = (ObjectNode) http.job(job, "").body();
    body.put("promptBegins", body.get("prompt").asString());
    body.remove(List.of("prompt", "stages", "answer", "resumes"));
    return body;
  }

  /// Those of the threads that answer requests; the dispatcher asks the database too.
  private List<String> statementsOf(String path) {
    List<String> executed = new CopyOnWriteArrayList<>();
    statements.tell(
        statement -> {
          if (Thread.currentThread().getName().startsWith("http")) {
            executed.add(statement);
          }
        });
    assertThat(http.get(path).status()).isEqualTo(200);
    statements.tell(statement -> {});
    return new ArrayList<>(executed);
  }
}
