package dev.ponder.database;

import dev.ponder.time.Probe;
import dev.ponder.time.Threads;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.stereotype.Component;

/// The health `db`. While the database is away a question takes as long as a connection is waited
/// for: one caller at a time asks, on one connection, and the others need not wait for it.
@Component("dbHealthContributor")
final class DatabaseHealth implements HealthIndicator {

  private final HealthIndicator database;
  private final Probe<Health> probe = new Probe<>(Threads.ofThePlatform());

  DatabaseHealth(DataSource database) {
    this.database = new DataSourceHealthIndicator(database, "select 1");
  }

  @Override
  public Health health() {
    return probe.answer(
        database::health,
        () -> Health.down().withDetail("what", "The database has not answered yet.").build());
  }
}
