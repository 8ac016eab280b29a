package dev.ponder.journal;

import dev.ponder.job.JobLeases;
import dev.ponder.journal.archive.Archive;
import dev.ponder.journal.archive.ArchiveSettings;
import dev.ponder.journal.archive.SweptThoughts;
import dev.ponder.journal.storage.Storage;
import dev.ponder.journal.storage.StorageRoom;
import dev.ponder.journal.storage.StorageSettings;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.unit.DataSize;

/// The real journals for the nodes of a simulation.
public final class SimulatedJournals {

  private SimulatedJournals() {}

  public static Journals of(
      DataSource database,
      JobLeases leases,
      JournalSettings settings,
      Threads threads,
      InstantSource time) {
    return new Journals(
        new JdbcTemplate(database),
        database,
        leases,
        settings,
        new DatabaseTrouble(time, settings),
        threads,
        time);
  }

  /// What keeps thoughts that are over.
  public record Kept(
      SweptThoughts thoughts, Archive archive, StorageRoom room, ArchiveSettings archiveSettings) {}

  public static Kept kept(
      DataSource database, JournalSettings settings, Duration archiveAfter, InstantSource time) {
    var archiveSettings = new ArchiveSettings(archiveAfter, 10, 10);
    var jdbc = new JdbcTemplate(database);
    var archive = new Archive(jdbc, database, settings, time);
    var room =
        new StorageRoom(
            new Storage(jdbc),
            archive,
            new StorageSettings(
                DataSize.ofGigabytes(1), DataSize.ofMegabytes(1), 1, Duration.ofSeconds(30)),
            archiveSettings,
            time,
            new SimpleMeterRegistry());
    return new Kept(new SweptThoughts(jdbc, database, settings), archive, room, archiveSettings);
  }
}
