package dev.ponder.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.ponder.log.LoggedContent;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/// What a promise of Ponder needs of its connections to PostgreSQL, on top of what the URL says; a
/// parameter in the URL wins.
///
/// An owner that freezes inside a transaction would hold the lock on its job's row for as long as
/// it is frozen, and nobody else could claim the job: so the server ends sessions that are silent
/// inside a transaction. A connection whose other end has vanished without a word would be waited
/// for without end: so an answer has a time limit.
@Component
final class PostgresConnections implements BeanPostProcessor {

  private static final String URL = "jdbc:postgresql:";

  private final ObjectProvider<DatabaseSettings> found;

  /// @param found the settings, which are not bound yet when this is made
  PostgresConnections(ObjectProvider<DatabaseSettings> found) {
    this.found = found;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool
        && pool.getJdbcUrl() != null
        && pool.getJdbcUrl().startsWith(URL)) {
      DatabaseSettings settings = found.getObject();
      pool.addDataSourceProperty("ApplicationName", "ponder");
      pool.addDataSourceProperty("tcpKeepAlive", "true");
      // Details have rows in them ("Failing row contains …"), and a row has a prompt.
      pool.addDataSourceProperty("logServerErrorDetail", Boolean.toString(LoggedContent.isShown()));
      pool.addDataSourceProperty(
          "socketTimeout", Long.toString(settings.answerWithin().toSeconds()));
      pool.addDataSourceProperty(
          "options",
          "-c idle_in_transaction_session_timeout=" + settings.silentInTransaction().toMillis());
    }
    return bean;
  }
}
