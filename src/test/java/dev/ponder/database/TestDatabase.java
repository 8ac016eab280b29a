package dev.ponder.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The databases that Ponder keeps its promises on. One suite runs on both.
public enum TestDatabase {
  /// A file of its own in the data folder, as a service has it by default.
  H2 {
    @Override
    public List<String> settings(Path data) {
      return List.of("ponder.data=" + data);
    }

    @Override
    public Connection connect(List<String> settings) throws SQLException {
      String folder = settings.getFirst().substring("ponder.data=".length());
      return DriverManager.getConnection("jdbc:h2:file:" + folder + "/ponder", "ponder", "");
    }
  },
  /// A database of its own on a real server that the build brings along.
  POSTGRESQL {
    @Override
    public List<String> settings(Path data) {
      return List.of(
          "ponder.data=" + data,
          "spring.datasource.url=" + freshPostgres(),
          "spring.datasource.username=postgres",
          "spring.datasource.password=");
    }

    @Override
    public Connection connect(List<String> settings) throws SQLException {
      String url = settings.get(1).substring("spring.datasource.url=".length());
      return DriverManager.getConnection(url, "postgres", "");
    }
  };

  /// The settings of a service on a fresh database. Services with the same settings share it.
  public abstract List<String> settings(Path data);

  /// A connection to the database of these settings. An H2 file has to be closed elsewhere.
  public abstract Connection connect(List<String> settings) throws SQLException;

  /// The address of a fresh database, for the user `postgres` without a password.
  public static String freshPostgres() {
    return Server.freshDatabase();
  }

  /// One server for all tests of this JVM, started with the first that needs it.
  private static final class Server {
    private static final EmbeddedPostgres RUNNING = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    static String freshDatabase() {
      String name = "ponder_" + DATABASES.incrementAndGet();
      try (var connection = RUNNING.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create database " + name);
      } catch (SQLException e) {
        throw new AssertionError("No database for a test", e);
      }
      return RUNNING.getJdbcUrl("postgres", name);
    }

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(new File("target/postgres"))
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("max_connections", "300")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
