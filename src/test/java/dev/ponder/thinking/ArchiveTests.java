package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.archive.JobRecord;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.StoredThought;
import dev.ponder.journal.archive.ThoughtForm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs that have been over for long leave the tables of running jobs, and nobody who reads them
/// notices.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ArchiveTests {

  private static final String JOB = "/v1/jobs/{id}";
  private static final String THOUGHT = "{thought}";

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").writes(compressible("13"));
  private ScriptedService service;

  private Http start(String... settings) {
    service = new ScriptedService(database.settings(data), engine, settings);
    return new Http(service.port());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void anArchivedJobReadsAsBeforeAndComesBack() {
    Http http = start("ponder.archive.after=0s", "ponder.archive.per-sweep=1");
    UUID job = service.ended(service.submit("How much change?")).id();
    service
        .bean(JdbcClient.class)
        .sql("update job set restored_at = timestamp with time zone '2099-01-01 00:00:00+00'")
        .update();
    service.bean(MemorySweep.class).sweep();
    service.bean(JdbcClient.class).sql("update job set restored_at = null").update();
    service.bean(JdbcClient.class).sql("update job set created_by = 'alice'").update();
    Map<String, JsonNode> before = views(http, job);
    assertThat(before)
        .containsKeys(
            "",
            "/answer",
            "/thoughts",
            "/thoughts?form=original",
            "/thoughts/synthesis.1.1?form=compressed",
            "/checkpoints",
            "/prompts");
    assertThat(before.get("/prompts").at("/items/0/thought").asString())
        .isEqualTo("initial_analysis.1.1");

    MemorySweep.Swept swept = service.bean(MemorySweep.class).sweep();

    assertThat(swept.archived()).isOne();
    assertThat(service.job(job).archivedAt()).isPresent();
    assertThat(rowsOf(job)).isZero();
    assertThat(views(http, job)).isEqualTo(before);
    assertThat(http.get("/v1/jobs").at("/items/0/archivedAt")).isNotBlank();

    var restored = http.post("/v1/jobs/" + job + "/restore");

    assertThat(restored.status()).isEqualTo(200);
    assertThat(restored.body().get("archivedAt").isNull()).isTrue();
    assertThat(views(http, job)).isEqualTo(before);
    assertThat(count("select count(*) from archive_part")).isZero();
    assertThat(service.job(job).createdBy()).contains("alice");
    assertThat(http.post("/v1/jobs/" + job + "/restore").status()).isEqualTo(200);
  }

  @Test
  void whatNoSweepHasCompressedIsArchivedAsItIs() {
    engine.writes(request -> ScriptedTurns.rambling(600) + "</think>\n\nAnswer: 13");
    Http http =
        start(
            "ponder.archive.after=0s",
            "ponder.memory.sweep-compresses=false",
            "ponder.journal.pack-from=500");
    UUID job = service.ended(service.submit("How much change?")).id();
    Map<String, JsonNode> before = views(http, job);
    var thoughts = service.thoughts(job);

    service.bean(MemorySweep.class).sweep();
    Map<String, JsonNode> archived = views(http, job);
    service.bean(JobCommands.class).restore(job);

    assertThat(archived).isEqualTo(before);
    assertThat(service.thoughts(job)).isEqualTo(thoughts);
    assertThat(views(http, job)).isEqualTo(before);
  }

  @Test
  void aThoughtThatNeverCameToItsEndIsArchivedToo() {
    engine.takes(Duration.ofMillis(5));
    Http http = start("ponder.archive.after=0s", "ponder.journal.chunk-tokens=8");
    UUID job = service.submit("How much change?");
    service.until(job, j -> service.progress(job).tokens() > 40);
    service.bean(JobCommands.class).cancel(job);
    service.bean(Dispatcher.class).stop();
    Map<String, JsonNode> before = views(http, job);

    service.bean(MemorySweep.class).sweep();
    Map<String, JsonNode> archived = views(http, job);
    boolean gone = rowsOf(job) == 0;
    service.bean(JobCommands.class).restore(job);

    assertThat(gone).isTrue();
    assertThat(before.get("/thoughts").toString()).contains("\"running\"");
    assertThat(archived).isEqualTo(before);
    assertThat(views(http, job)).isEqualTo(before);
  }

  @Test
  void aJobIsArchivedWhenItHasBeenOverOrRestoredForLongEnough() {
    start("ponder.archive.after=1h");
    UUID old = service.ended(service.submit("How much change?")).id();
    UUID fresh = service.ended(service.submit("How much now?")).id();
    endedLongAgo(old);

    int first = service.bean(MemorySweep.class).sweep().archived();
    service.bean(JobCommands.class).restore(old);
    int second = service.bean(MemorySweep.class).sweep().archived();

    assertThat(first).isOne();
    assertThat(second).isZero();
    assertThat(service.job(old).archivedAt()).isEmpty();
    assertThat(service.job(fresh).archivedAt()).isEmpty();
  }

  @Test
  void aJobThatIsNotOverIsNeverArchived() {
    engine.hangsIn(1);
    start("ponder.archive.after=0s");
    UUID running = service.submit("How much change?");
    service.until(running, job -> job.status() == JobStatus.RUNNING);

    assertThat(service.bean(MemorySweep.class).sweep().archived()).isZero();
  }

  @Test
  void aDeletedJobLeavesNothingInTheArchive() {
    Http http = start("ponder.archive.after=0s");
    UUID job = service.ended(service.submit("How much change?")).id();
    service.bean(MemorySweep.class).sweep();
    assertThat(count("select count(*) from archive_part")).isPositive();

    assertThat(http.delete("/v1/jobs/" + job).status()).isEqualTo(204);

    assertThat(count("select count(*) from archive_part")).isZero();
    assertThat(http.job(job, "/thoughts").status()).isEqualTo(404);
    assertThat(http.post("/v1/jobs/" + job + "/restore").status()).isEqualTo(404);
  }

  @Test
  void anArchiveThatIsNotWhatWasPutAwayIsToldAndTheJobStaysReadable() {
    Http http = start("ponder.archive.after=0s");
    UUID job = service.ended(service.submit("How much change?")).id();
    service.bean(MemorySweep.class).sweep();
    service.bean(JdbcClient.class).sql("update archive_part set sha256 = packed").update();

    assertThat(http.job(job, "").at("/answer/text")).isEqualTo("The answer is 13.");
    assertThat(http.get("/v1/jobs").status()).isEqualTo(200);
    for (var told :
        List.of(
            http.job(job, "/thoughts"),
            http.job(job, "/checkpoints"),
            http.job(job, "/prompts"),
            http.post("/v1/jobs/" + job + "/restore"))) {
      assertThat(told.status()).isEqualTo(500);
      assertThat(told.at("/type")).isEqualTo("/problems/damaged-original");
    }
    assertThat(service.job(job).archivedAt()).isPresent();
  }

  @Test
  void aLookThatBeganBeforeAJobWasArchivedFindsItInTheArchive() {
    start("ponder.archive.after=0s");
    var before = service.ended(service.submit("How much change?"));
    JobRecord hot = service.bean(Records.class).of(before);
    var thoughts = hot.thoughts(null);
    service.bean(MemorySweep.class).sweep();

    JobRecord stale = service.bean(Records.class).of(before);
    var archived = service.job(before.id());
    service.bean(JobCommands.class).restore(before.id());
    JobRecord tooLate = service.bean(Records.class).of(archived);
    service.bean(MemorySweep.class).sweep();

    assertThat(stale.thoughts(ThoughtForm.ORIGINAL))
        .extracting(StoredThought::text)
        .isEqualTo(thoughts.stream().map(StoredThought::text).toList());
    assertThat(tooLate.summaries()).hasSameSizeAs(thoughts);
  }

  /// All that can be read of a job, but when it was archived: every GET of the API description that
  /// is about one job, in every form that it has.
  private static Map<String, JsonNode> views(Http http, UUID job) {
    var views = new LinkedHashMap<String, JsonNode>();
    for (String view : paths(http, job)) {
      JsonNode body = http.job(job, view).body();
      if (view.isEmpty()) {
        ((ObjectNode) body).remove("archivedAt");
      }
      views.put(view, body);
    }
    return views;
  }

  private static List<String> paths(Http http, UUID job) {
    var thoughts = new ArrayList<String>();
    http.job(job, "/thoughts")
        .body()
        .get("items")
        .forEach(thought -> thoughts.add(thought.get("id").asString()));
    var paths = new ArrayList<String>();
    for (var operation : http.get("/v3/api-docs").body().get("paths").properties()) {
      if (operation.getKey().startsWith(JOB) && operation.getValue().has("get")) {
        String path = operation.getKey().substring(JOB.length());
        var queries = queries(operation.getValue().at("/get/parameters"));
        for (String thought : path.contains(THOUGHT) ? thoughts : List.of("")) {
          queries.forEach(query -> paths.add(path.replace(THOUGHT, thought) + query));
        }
      }
    }
    return paths;
  }

  private static List<String> queries(JsonNode parameters) {
    var queries = new ArrayList<>(List.of(""));
    for (JsonNode parameter : parameters) {
      if (parameter.get("in").asString().equals("query")) {
        for (JsonNode value : parameter.at("/schema/enum")) {
          queries.add("?" + parameter.get("name").asString() + "=" + value.asString());
        }
      }
    }
    return queries;
  }

  private void endedLongAgo(UUID job) {
    service
        .bean(JdbcClient.class)
        .sql(
            "update job set finished_at = timestamp with time zone '2026-01-01 00:00:00+00' where id = :id")
        .param("id", job)
        .update();
  }

  private long rowsOf(UUID job) {
    return service
        .bean(JdbcClient.class)
        .sql(
            """
            select (select count(*) from thought where job_id = :id)
              + (select count(*) from journal where job_id = :id)
              + (select count(*) from cold_thought) + (select count(*) from chunk)
            """)
        .param("id", job)
        .query(Long.class)
        .single();
  }

  private long count(String query) {
    return service.bean(JdbcClient.class).sql(query).query(Long.class).single();
  }
}
