package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.StoredThought;
import dev.ponder.journal.storage.Storage;
import dev.ponder.memory.Thought;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/// Another version of Ponder, or of its files, meets jobs that an earlier one accepted.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class UpgradeTests {

  private static final Path MINI = Path.of("stage-configs", "mini.yaml");
  private static final UUID OVER = UUID.fromString("00000000-0000-7000-8000-000000000001");
  private static final UUID RUNNING = UUID.fromString("00000000-0000-7000-8000-000000000002");
  private static final UUID PAUSED = UUID.fromString("00000000-0000-7000-8000-000000000003");

  @Parameter TestDatabase database;
  @TempDir Path data;
  @TempDir Path pipelines;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").writes(answering("13"));
  private ScriptedService service;

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void jobsOfTheFirstSchemaAreKeptAndGoOn() throws Exception {
    List<String> settings = database.settings(data);
    try (Connection connection = database.connect(settings)) {
      fillFirstSchema(connection);
    }

    service = new ScriptedService(settings, engine);
    service.ended(RUNNING);
    service.bean(JobCommands.class).resume(PAUSED);
    service.until(PAUSED, job -> job.status() == JobStatus.COMPLETED);

    assertThat(service.job(OVER).answer().orElseThrow().text()).isEqualTo("The answer is 13.");
    assertThat(service.thoughts(OVER))
        .extracting(Thought::conclusion)
        .contains("Known: two numbers.");
    assertThat(service.kinds(OVER)).containsExactly(Kind.STAGE_ENTERED, Kind.THOUGHT_FINISHED);
    assertThat(service.job(RUNNING).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.kinds(RUNNING)).contains(Kind.THOUGHT_RESUMED);
    assertThat(service.thoughts(RUNNING).getFirst().text())
        .startsWith("This is step 1 of it.\nThis is step 2 of it.\n");
  }

  @Test
  void jobsOfTheFirstSchemaAreSweptArchivedAndBroughtBack() throws Exception {
    List<String> settings = database.settings(data);
    try (Connection connection = database.connect(settings)) {
      fillFirstSchema(connection);
    }
    engine.writes(ScriptedTurns.compressible("13"));
    service =
        new ScriptedService(
            settings,
            engine,
            "ponder.archive.after=1h",
            "ponder.memory.compression.least-tokens=1");
    long stored = service.bean(Storage.class).of(OVER);

    MemorySweep.Swept swept = service.bean(MemorySweep.class).sweep();
    var archived = service.bean(Records.class).of(service.job(OVER)).thoughts(null);
    service.bean(JobCommands.class).restore(OVER);

    assertThat(stored).isGreaterThan("What is 6 + 7?The answer is 13.".length());
    assertThat(swept.archived()).isOne();
    assertThat(archived).extracting(StoredThought::conclusion).contains("Known: two numbers.");
    assertThat(service.thoughts(OVER)).extracting(Thought::reasoning).contains("Six and seven.");
    assertThat(service.kinds(OVER)).containsExactly(Kind.STAGE_ENTERED, Kind.THOUGHT_FINISHED);
  }

  @Test
  void aJobGoesOnWithThePipelineItWasSubmittedWith() throws IOException {
    String mini = Files.readString(MINI);
    Path file = pipelines.resolve("mini.yaml");
    Files.writeString(file, mini);
    engine.takes(Duration.ofMillis(5));
    service =
        new ScriptedService(
            database.settings(data), engine, "ponder.pipelines-folder=" + pipelines);
    UUID before = service.submit("How much change?");
    service.until(before, job -> service.progress(before).tokens() > 20);

    Files.writeString(file, mini.replace("Stage: synthesis. Weigh", "Stage: synthesis. Reweigh"));
    service.restart();
    engine.takes(Duration.ZERO);
    UUID after = service.submit("How much change?");

    assertThat(service.ended(before).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.ended(after).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(synthesisOf(before)).contains("Weigh").doesNotContain("Reweigh");
    assertThat(synthesisOf(after)).contains("Reweigh");
  }

  private String synthesisOf(UUID job) {
    return engine.requests().stream()
        .filter(request -> request.affinity().startsWith(job.toString()))
        .map(GenerationRequest::conversation)
        .map(conversation -> conversation.system())
        .filter(system -> system.startsWith("Stage: synthesis"))
        .findFirst()
        .orElseThrow();
  }

  private static void fillFirstSchema(Connection connection) throws SQLException, IOException {
    Flyway.configure()
        .dataSource(new SingleConnectionDataSource(connection, true))
        .locations("classpath:migrations")
        .target("1")
        .load()
        .migrate();
    try (var insert =
        connection.prepareStatement("insert into pipeline_version values ('first', 'mini', ?)")) {
      insert.setString(1, Files.readString(MINI));
      insert.executeUpdate();
    }
    ScriptUtils.executeSqlScript(connection, new ClassPathResource("first-schema-data.sql"));
  }
}
