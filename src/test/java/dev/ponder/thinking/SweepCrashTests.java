package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import dev.ponder.database.DatabaseFaults;
import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.StoredThought;
import dev.ponder.journal.archive.ThoughtForm;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The sweep compresses and archives a job and dies at its first write, then at its second, and so
/// on until it needs no more of them; and the same where the job comes back from the archive. Each
/// time every original can be read at once, word for word, and the next try goes on from there.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SweepCrashTests {

  private static final int THOUGHTS = 7;
  private static final int FAR_TOO_MANY = 200;

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").writes(compressible("13"));
  private final DatabaseFaults faults = new DatabaseFaults();
  private ScriptedService service;
  private List<String> undisturbed;

  @BeforeEach
  void start() {
    service =
        new ScriptedService(
            database.settings(data),
            faults,
            engine,
            "ponder.archive.after=0s",
            "ponder.lease.heartbeat=10m",
            "ponder.lease.dead-after=1h",
            // Who looks for jobs writes nothing while there are none, but is told when it fails.
            "logging.level.dev.ponder.thinking.Dispatcher=error");
    Job job = ended();
    undisturbed = texts(job, ThoughtForm.ORIGINAL);
    assertThat(undisturbed).hasSize(THOUGHTS);
    service.bean(JobCommands.class).delete(job.id());
  }

  @AfterEach
  void stop() {
    faults.isBack();
    service.close();
  }

  @Test
  void aSweepThatDiesAtAnyOfItsWritesLosesNothing() {
    var boundaries = new TreeSet<String>();
    int writes = 1;
    boolean died = true;
    while (died) {
      Job job = ended();
      died = diesAfter(writes, () -> service.bean(MemorySweep.class).sweep(), boundaries);
      job = service.job(job.id());
      assertThat(texts(job, ThoughtForm.ORIGINAL)).isEqualTo(undisturbed);

      service.bean(MemorySweep.class).sweep();

      checkArchived(service.job(job.id()));
      assertThat(++writes).as("writes of one sweep").isLessThan(FAR_TOO_MANY);
    }
    System.out.println(
        database + ": the sweep died after " + (writes - 2) + " writes: " + boundaries);
    assertThat(boundaries)
        .contains("commit of update thought, insert cold_thought", "update job, not committed");
  }

  @Test
  void aWriteOfTheSweepWhoseAnswerIsLostIsNotMadeTwice() {
    int writes = 1;
    boolean lost = true;
    while (lost) {
      Job job = ended();
      faults.losesAnswerOf(writes);
      // A whole sweep would archive what it could not compress.
      catchRuntimeException(
          () -> {
            service.bean(MemorySweep.class).compress();
            service.bean(MemorySweep.class).archive();
          });
      lost = faults.written().size() >= writes;
      faults.isBack();
      assertThat(texts(service.job(job.id()), ThoughtForm.ORIGINAL)).isEqualTo(undisturbed);

      service.bean(MemorySweep.class).sweep();

      checkArchived(service.job(job.id()));
      assertThat(++writes).as("writes of one sweep").isLessThan(FAR_TOO_MANY);
    }
  }

  @Test
  void aRestoreThatDiesAtAnyOfItsWritesLosesNothing() {
    var boundaries = new TreeSet<String>();
    int writes = 1;
    boolean died = true;
    while (died) {
      UUID job = ended().id();
      service.bean(MemorySweep.class).sweep();
      died = diesAfter(writes, () -> service.bean(JobCommands.class).restore(job), boundaries);
      assertThat(texts(service.job(job), ThoughtForm.ORIGINAL)).isEqualTo(undisturbed);

      service.bean(JobCommands.class).restore(job);

      assertThat(service.job(job).archivedAt()).isEmpty();
      assertThat(texts(service.job(job), ThoughtForm.ORIGINAL)).isEqualTo(undisturbed);
      assertThat(service.thoughts(job)).hasSize(THOUGHTS);
      service.bean(JobCommands.class).delete(job);
      assertThat(++writes).as("writes of one restore").isLessThan(FAR_TOO_MANY);
    }
    assertThat(boundaries).contains("insert cold_thought, not committed");
  }

  private Job ended() {
    return service.ended(service.submit("How much change?"));
  }

  /// Whether it died before it came to its end.
  private boolean diesAfter(int writes, Runnable work, TreeSet<String> boundaries) {
    faults.diesAfter(writes);
    catchRuntimeException(work::run);
    boolean died = faults.hasDied();
    if (died) {
      boundaries.add(faults.written().getLast());
    }
    faults.isBack();
    return died;
  }

  private void checkArchived(Job job) {
    assertThat(job.archivedAt()).isPresent();
    assertThat(texts(job, ThoughtForm.ORIGINAL)).isEqualTo(undisturbed);
    assertThat(service.bean(Records.class).of(job).thoughts(null))
        .allMatch(thought -> thought.form() == ThoughtForm.COMPRESSED)
        .hasSize(THOUGHTS);
    for (String table : List.of("thought", "cold_thought", "journal")) {
      assertThat(
              service
                  .bean(JdbcClient.class)
                  .sql("select count(*) from " + table)
                  .query(Long.class)
                  .single())
          .as(table)
          .isZero();
    }
    service.bean(JobCommands.class).delete(job.id());
  }

  /// In an order that does not depend on which branch was faster.
  private List<String> texts(Job job, ThoughtForm form) {
    return service.bean(Records.class).of(job).thoughts(form).stream()
        .sorted(java.util.Comparator.comparing(thought -> thought.key().id()))
        .map(StoredThought::text)
        .toList();
  }
}
