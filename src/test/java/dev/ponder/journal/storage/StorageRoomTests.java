package dev.ponder.journal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobProblem;
import dev.ponder.journal.archive.Archive;
import dev.ponder.journal.archive.ArchiveSettings;
import dev.ponder.thinking.ScriptedService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/// What is said of a storage that fills up: each change once, though it is looked at with each
/// submission.
class StorageRoomTests {

  @TempDir Path data;
  private final Logger log = (Logger) LoggerFactory.getLogger(StorageRoom.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private ScriptedService service;
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void start() {
    var engine = new ScriptedEngine("scripted").writes(request -> "So.\n</think>\n\nAnswer: 13");
    service = new ScriptedService(data, engine);
    // Later than the end of any job of the test, also where the start was slow.
    now = Instant.now().plusSeconds(3600);
    // After the service, which sets up logging anew.
    said.start();
    log.addAppender(said);
    log.setLevel(Level.INFO);
  }

  @AfterEach
  void stop() {
    log.detachAppender(said);
    log.setLevel(null);
    service.close();
  }

  @Test
  void thatItIsFullIsSaidOnceAndWithWhatToDo() {
    UUID job = service.ended(service.submit("How much change?")).id();
    StorageRoom room = room(100);

    for (int submission = 0; submission < 3; submission++) {
      assertThatThrownBy(() -> requireLater(room)).isInstanceOf(JobProblem.StorageFull.class);
    }
    service.bean(JobCommands.class).delete(job);
    requireLater(room);
    requireLater(room);

    assertThat(said())
        .satisfiesExactly(
            first -> assertThat(first).contains("jobs archived early: 1", "of 100 bytes"),
            second ->
                assertThat(second)
                    .contains("WARN", "is full", "was not enough", "Delete jobs, set ponder."),
            third -> assertThat(third).contains("has room again"));
  }

  @Test
  void thatNothingCanBeArchivedIsSaidTogetherWithWhatToDo() {
    service.ended(service.submit("How much change?"));
    assertThatThrownBy(() -> requireLater(room(100))).isInstanceOf(JobProblem.StorageFull.class);
    StorageRoom room = room(100);

    assertThatThrownBy(() -> requireLater(room)).isInstanceOf(JobProblem.StorageFull.class);
    assertThatThrownBy(() -> requireLater(room)).isInstanceOf(JobProblem.StorageFull.class);

    assertThat(said()).hasSize(3);
    assertThat(said().getLast())
        .contains("No job that is over is left to archive", "or raise ponder.storage.total-max");
  }

  /// Whoever is refused asks again at once, and is told what was found a moment ago.
  private void requireLater(StorageRoom room) {
    now = now.plusSeconds(5);
    room.require();
  }

  private StorageRoom room(long bytes) {
    // Later than the end of any job, however long the service took to start.
    now = Instant.now();
    var settings =
        new StorageSettings(DataSize.ofBytes(bytes), DataSize.ofMegabytes(1), 0.9, Duration.ZERO);
    return new StorageRoom(
        service.bean(Storage.class),
        service.bean(Archive.class),
        settings,
        new ArchiveSettings(Duration.ofDays(7), 10, 10),
        () -> now,
        new SimpleMeterRegistry());
  }

  private List<String> said() {
    return said.list.stream().map(event -> event.getLevel() + " " + event).toList();
  }
}
