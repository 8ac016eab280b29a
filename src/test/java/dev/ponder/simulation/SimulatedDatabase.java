package dev.ponder.simulation;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// A real H2 in memory, fresh for each run, whose clock is the simulation's and which fails when
/// the seed says so: before a statement, after it took effect, or in the middle of a transaction.
public final class SimulatedDatabase implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  static final String CONNECTION_LOST = "08006";
  private static final AtomicLong COUNT = new AtomicLong();
  private static final List<String> MIGRATIONS = migrations();

  private final Baton baton;
  private final Trace trace;
  private final Odds odds;
  private final UnaryOperator<String> mutation;
  private final String url =
      "jdbc:h2:mem:simulation-%d;LOCK_TIMEOUT=1;QUERY_CACHE_SIZE=128"
          .formatted(COUNT.incrementAndGet());
  private final Connection keeper;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final List<Connection> all = new ArrayList<>();
  private final Map<String, String> rewritten = new ConcurrentHashMap<>();
  private Watch watch = written -> {};
  private Crash crash = host -> {};

  /// Told of everything that was committed, by whom it was.
  interface Watch {
    void committed(WrittenTables written);
  }

  /// Kills a node.
  interface Crash {
    void kill(Host host);
  }

  /// @param mutation changes statements, for a test that wants to see its invariants broken
  SimulatedDatabase(Baton baton, Trace trace, Odds odds, UnaryOperator<String> mutation)
      throws SQLException {
    this.baton = baton;
    this.trace = trace;
    this.odds = odds;
    this.mutation = mutation;
    keeper = DriverManager.getConnection(url, "sa", "");
    try (var statement = keeper.createStatement()) {
      for (String migration : MIGRATIONS) {
        statement.execute(mutation.apply(migration));
      }
      statement.execute(
          "create alias simulated_time for 'dev.ponder.simulation.SimulatedDatabase.time'");
    }
  }

  private static List<String> migrations() {
    try (Stream<Path> files = Files.list(Path.of("migrations"))) {
      List<String> scripts = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        scripts.add(Files.readString(file, StandardCharsets.UTF_8));
      }
      return scripts;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// What `current_timestamp` is in a simulation.
  public static OffsetDateTime time() {
    return START.plusNanos(Baton.current().baton.nanos() / 1000 * 1000).atOffset(ZoneOffset.UTC);
  }

  void watchedBy(Watch watch, Crash crash) {
    this.watch = watch;
    this.crash = crash;
  }

  /// For a look from outside: no faults, no time.
  Connection inspection() {
    return keeper;
  }

  /// The database of whichever simulation the current thread belongs to.
  static DataSource ofTheCurrentTask(java.util.function.Function<Baton, SimulatedDatabase> find) {
    return new AbstractDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return find.apply(Baton.current().baton).connection();
      }

      @Override
      public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
      }
    };
  }

  private Connection connection() throws SQLException {
    baton.checkAlive();
    failIfCutOff();
    Connection real = idle.poll();
    if (real == null) {
      real = DriverManager.getConnection(url, "sa", "");
      all.add(real);
    }
    var session = new SimulatedSession(this, baton, odds, real);
    return (Connection)
        Proxy.newProxyInstance(
            SimulatedDatabase.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> session.called(method, arguments));
  }

  void failIfCutOff() throws SQLException {
    if (Baton.current().host.isCutOff(baton.nanos())) {
      throw new SQLException("The database is away, says the simulation", CONNECTION_LOST);
    }
  }

  /// The statement with the simulation's clock, and as the test wants it.
  String rewritten(String sql) {
    return rewritten.computeIfAbsent(
        sql, s -> mutation.apply(s.replace("current_timestamp", "simulated_time()")));
  }

  void committed(WrittenTables tables) {
    watch.committed(tables);
  }

  void kill(Host host) {
    crash.kill(host);
  }

  void trace(String what) {
    trace.line(baton.nanos(), Baton.current().toString(), what);
  }

  void takeBack(Connection real) {
    idle.push(real);
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : all) {
      connection.close();
    }
    keeper.close();
  }
}
