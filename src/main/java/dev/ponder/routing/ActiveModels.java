package dev.ponder.routing;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Which models are needed by jobs just now, on whichever node.
@Component
public class ActiveModels {

  private final JdbcClient jdbc;

  public ActiveModels(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Whether jobs of a model run, or wait to.
  public boolean hasJobs(String model) {
    return !jdbc.sql(
            "select id from job where status in ('RUNNING', 'QUEUED') and model = :model limit 1")
        .param("model", model)
        .query()
        .listOfRows()
        .isEmpty();
  }
}
