package dev.ponder.thinking;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Which models are needed by jobs just now, on whichever node.
@Component
class ActiveModels {

  private final JdbcClient jdbc;

  ActiveModels(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Whether jobs of a model run, or wait to.
  boolean hasJobs(String model) {
    return !jdbc.sql(
            "select id from job where status in ('RUNNING', 'QUEUED') and model = :model limit 1")
        .param("model", model)
        .query()
        .listOfRows()
        .isEmpty();
  }
}
