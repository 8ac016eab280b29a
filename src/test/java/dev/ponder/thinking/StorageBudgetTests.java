package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.Answer;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.storage.Storage;
import dev.ponder.journal.storage.StorageRoom;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Status;

/// What happens when as much is stored as may be: old jobs are archived, then new ones are refused,
/// and nothing is lost.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class StorageBudgetTests {

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
  void whenItIsFullOldJobsAreArchivedAndThenNewOnesAreRefused() {
    Http http = start("ponder.storage.total-max=16KB", "ponder.storage.measure-every=0s");
    List<UUID> jobs = new ArrayList<>();
    Http.Answer answer = http.submit("How much change?");
    while (answer.status() == 202) {
      jobs.add(service.ended(UUID.fromString(answer.at("/id"))).id());
      assertThat(jobs).as("jobs that find room").hasSizeLessThan(100);
      answer = http.submit("How much change?");
    }

    assertThat(answer.status()).isEqualTo(507);
    assertThat(answer.at("/type")).isEqualTo("/problems/storage-full");
    assertThat(answer.at("/detail"))
        .contains("16384", "ponder.storage.total-max", "DELETE", "Nothing is lost");
    assertThat(jobs).hasSizeGreaterThan(4);
    assertThat(jobs).allMatch(job -> service.job(job).archivedAt().isPresent());
    for (UUID job : jobs) {
      assertThat(http.job(job, "/thoughts?form=original").body().get("items")).hasSize(7);
    }
    assertThat(service.bean(StorageRoom.class).health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(http.post("/v1/jobs/" + jobs.getFirst() + "/restore").status()).isEqualTo(507);
    assertThat(http.job(jobs.getFirst(), "/answer").at("/text")).isEqualTo("The answer is 13.");

    jobs.forEach(job -> http.delete("/v1/jobs/" + job));
    service.until(someJob(http), job -> job.status() == JobStatus.COMPLETED);
  }

  /// What was found a moment ago is not measured again for everyone who is refused.
  private UUID someJob(Http http) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end) {
      var answer = http.submit("Is there room again?");
      if (answer.status() == 202) {
        return UUID.fromString(answer.at("/id"));
      }
      assertThat(answer.status()).isEqualTo(507);
      ScriptedService.pause();
    }
    throw new AssertionError("There is no room, though everything was deleted");
  }

  @Test
  void theSweepArchivesEarlyWhileRoomIsScarce() {
    start("ponder.storage.total-max=40KB", "ponder.storage.archive-from=0.01");
    UUID job = service.ended(service.submit("How much change?")).id();
    long before = service.bean(Storage.class).total();

    MemorySweep.Swept swept = service.bean(MemorySweep.class).sweep();

    assertThat(before).isGreaterThan(400);
    assertThat(swept.archived()).isOne();
    assertThat(service.job(job).archivedAt()).isPresent();
    assertThat(service.bean(Storage.class).total()).isLessThan(before);
  }

  @Test
  void aJobThatHasStoredItsPartAnswersFromWhatItHas() {
    start("ponder.storage.job-max=2KB");

    Job job = service.ended(service.submit("How much change?"));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    Answer answer = job.answer().orElseThrow();
    assertThat(answer.completeness()).isEqualTo(Answer.Completeness.PARTIAL);
    assertThat(service.thoughts(job.id()))
        .extracting(thought -> thought.key().stage())
        .contains(Stage.DEEP_EXPLORATION, Stage.FINAL_OUTPUT)
        .doesNotContain(Stage.VERIFICATION);
    assertThat(service.journal(job.id()))
        .anyMatch(line -> line.note() != null && line.note().contains("ponder.storage.job-max"));
  }

  @Test
  void whatIsStoredIsCountedToTheByteOfItsTexts() {
    start();
    UUID job = service.ended(service.submit("How much change?")).id();
    var storage = service.bean(Storage.class);

    long texts =
        service.thoughts(job).stream().mapToLong(thought -> bytes(thought)).sum()
            + "How much change?".length()
            + "The answer is 13.".length();
    long lines = 100L * service.journal(job).size();

    assertThat(storage.of(job)).isEqualTo(texts + lines);
    assertThat(storage.total()).isEqualTo(texts + lines);
    service.bean(MemorySweep.class).sweep();
    assertThat(storage.of(job)).isLessThan(texts + lines);
    assertThat(storage.total()).isEqualTo(storage.of(job));
  }

  private static long bytes(Thought thought) {
    return thought.text().length();
  }
}
