package dev.ponder.checkpoint;

import dev.ponder.budget.Threads;
import dev.ponder.job.JobLeases;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

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
}
