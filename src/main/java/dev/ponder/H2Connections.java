package dev.ponder;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/// What a promise of Ponder needs of its connections to an H2 file.
///
/// H2 closes a database for good when it cannot write to its file, because the disk is full, say,
/// and still calls the connections to it valid. So connections are tried with a statement before
/// they are used, and given up when they say that their database is closed: the next one opens the
/// file anew, with everything in it that was committed.
@Component
final class H2Connections implements BeanPostProcessor {

  private static final String URL = "jdbc:h2:";

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool
        && pool.getJdbcUrl() != null
        && pool.getJdbcUrl().startsWith(URL)) {
      pool.setConnectionTestQuery("select 1");
      pool.setExceptionOverrideClassName(ClosedDatabase.class.getName());
    }
    return bean;
  }
}
