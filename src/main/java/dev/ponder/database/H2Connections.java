package dev.ponder.database;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/// What a promise of Ponder needs of its connections to an H2 file that it alone has open.
///
/// H2 closes a database for good when it cannot write to its file, and is left in pieces by that:
/// threads inside of it may spin for ever, connections are still called valid, and what is written
/// on may damage the file (its pull request 4338). So nothing is written to a disk that is nearly
/// full ([H2Source]); the file is closed by the first write that fails ([FailFastFiles]); and
/// connections are tried with a statement before they are used, and given up when their database is
/// closed. The next one opens the file anew, with everything in it that was committed.
@Component
final class H2Connections implements BeanPostProcessor {

  /// A path, not memory and no other process.
  private static final Pattern FILE =
      Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:|zip:)(?:file:)?([^;]+)(.*)");

  private final ObjectProvider<DatabaseSettings> settings;

  /// @param settings which are not bound yet when this is made
  H2Connections(ObjectProvider<DatabaseSettings> settings) {
    this.settings = settings;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool) {
      file(pool.getJdbcUrl()).ifPresent(file -> prepare(pool, file));
    }
    return bean;
  }

  static Optional<Matcher> file(@Nullable String url) {
    return Optional.ofNullable(url)
        .filter(known -> !known.toUpperCase(Locale.ROOT).contains("AUTO_SERVER=TRUE"))
        .map(FILE::matcher)
        .filter(Matcher::matches);
  }

  private void prepare(HikariDataSource pool, Matcher file) {
    FailFastFiles.register();
    var h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:" + FailFastFiles.SCHEME + ":" + file.group(1) + file.group(2));
    h2.setUser(pool.getUsername());
    h2.setPassword(pool.getPassword());
    try {
      var disk = DatabaseDisk.of(file.group(1), settings.getObject());
      pool.setDataSource(new H2Source(h2, disk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pool.setConnectionTestQuery("select 1");
    pool.setExceptionOverrideClassName(ClosedDatabase.class.getName());
  }
}
