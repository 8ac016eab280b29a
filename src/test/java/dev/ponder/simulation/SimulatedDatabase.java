package dev.ponder.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// A real H2 in memory, fresh for each run, whose clock is the simulation's and which fails when
/// the seed says so: before a statement, after it took effect, or in the middle of a transaction.
///
/// Nobody waits inside H2. Who meets a locked row hands the baton over and tries again.
public final class SimulatedDatabase implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private static final String CONNECTION_LOST = "08006";
  private static final int LOCK_TIMEOUT = 50200;
  private static final Duration LONGEST_LOCK = Duration.ofSeconds(1);
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
    void committed(Set written);
  }

  /// The tables that a transaction has written to.
  static final class Set {
    boolean job;
    boolean thought;
    boolean chunk;
    boolean journal;
    boolean archive;

    boolean isEmpty() {
      return !(job || thought || chunk || journal);
    }

    /// Whether something may have been moved that was kept.
    boolean isKept() {
      return thought || archive;
    }

    private void note(String sql) {
      String begin = sql.strip();
      if (begin.startsWith("select")) {
        return;
      }
      job |=
          begin.startsWith("update job")
              || begin.startsWith("insert into job ")
              || begin.startsWith("delete from job");
      thought |= begin.contains("thought ") && !begin.startsWith("insert into chunk");
      chunk |= begin.contains("chunk");
      journal |= begin.contains("into journal");
      archive |= begin.contains("archive_part");
    }
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
    var session = new Session(real);
    return (Connection)
        Proxy.newProxyInstance(
            SimulatedDatabase.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> session.called(method, arguments));
  }

  private void failIfCutOff() throws SQLException {
    if (Baton.current().host.isCutOff(baton.nanos())) {
      throw new SQLException("The database is away, says the simulation", CONNECTION_LOST);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : all) {
      connection.close();
    }
    keeper.close();
  }

  /// One connection in somebody's hands.
  private final class Session {
    private final Connection real;
    private Set written = new Set();
    private boolean broken;

    Session(Connection real) {
      this.real = real;
    }

    @Nullable Object called(Method method, Object @Nullable [] arguments) throws Throwable {
      return switch (method.getName()) {
        case "prepareStatement" -> {
          check();
          String sql = rewritten((String) arguments[0]);
          arguments[0] = sql;
          var statement = (PreparedStatement) invoke(real, method, arguments);
          yield Proxy.newProxyInstance(
              SimulatedDatabase.class.getClassLoader(),
              new Class<?>[] {PreparedStatement.class},
              (self, m, a) ->
                  m.getName().startsWith("execute")
                      ? executed(() -> invoke(statement, m, a), sql)
                      : invoke(statement, m, a));
        }
        case "createStatement" -> throw new UnsupportedOperationException("a plain statement");
        case "commit" -> {
          commit();
          yield null;
        }
        case "rollback" -> {
          rollback();
          yield null;
        }
        case "close" -> {
          close();
          yield null;
        }
        case "isClosed" -> false;
        default -> invoke(real, method, arguments);
      };
    }

    private void check() throws SQLException {
      baton.checkAlive();
      if (broken) {
        throw new SQLException(
            "The connection was lost before, says the simulation", CONNECTION_LOST);
      }
      failIfCutOff();
    }

    private @Nullable Object executed(Call call, String sql) throws Throwable {
      boolean alone = real.getAutoCommit();
      if (alone) {
        baton.waitFor(
            null, Duration.ofMillis(odds.happens(odds.slowStatement) ? odds.between(1, 3000) : 0));
      } else if (odds.happens(odds.othersComeBetween)) {
        baton.yield();
      }
      check();
      String shown = sql.strip().lines().findFirst().orElse("");
      before(shown);
      Object result = waitingForLocks(call);
      written.note(sql);
      after(shown, alone);
      if (alone) {
        committed();
      }
      return result;
    }

    private void before(String what) throws SQLException {
      if (odds.happens(odds.nodeDiesAtStatement)) {
        die("before " + what);
      }
      if (odds.happens(odds.statementFails)) {
        lose("fails: " + what);
      }
    }

    private void after(String what, boolean durable) throws SQLException {
      if (odds.happens(odds.nodeDiesAtStatement)) {
        if (durable) {
          committed();
        }
        die("after " + what);
      }
      if (odds.happens(odds.answerIsLost)) {
        if (durable) {
          committed();
        }
        lose("answer lost: " + what);
      }
    }

    private void die(String where) {
      Host host = Baton.current().host;
      trace.line(baton.nanos(), Baton.current().toString(), "the node dies " + where);
      crash.kill(host);
      baton.checkAlive();
    }

    private void lose(String what) throws SQLException {
      trace.line(baton.nanos(), Baton.current().toString(), what);
      broken = true;
      if (!real.getAutoCommit()) {
        real.rollback();
      }
      throw new SQLException("Lost, says the simulation: " + what, CONNECTION_LOST);
    }

    private @Nullable Object waitingForLocks(Call call) throws Throwable {
      long end = baton.nanos() + LONGEST_LOCK.toNanos();
      while (true) {
        try {
          return call.make();
        } catch (SQLException e) {
          if (e.getErrorCode() != LOCK_TIMEOUT || baton.nanos() > end) {
            throw e;
          }
        }
        // H2 lets an older transaction spin, without a limit, for a lock that a younger one holds;
        // the
        // younger one would never get the baton. So one that holds nothing yet begins anew.
        if (!real.getAutoCommit() && written.isEmpty()) {
          real.rollback();
        }
        baton.waitFor(null, Duration.ofMillis(5));
      }
    }

    private void commit() throws SQLException {
      check();
      before("commit");
      real.commit();
      if (!written.isEmpty()) {
        committed();
        after("commit", false);
      }
    }

    private void committed() {
      Set tables = written;
      written = new Set();
      if (!tables.isEmpty()) {
        watch.committed(tables);
      }
    }

    private void rollback() throws SQLException {
      written = new Set();
      real.rollback();
    }

    private void close() throws SQLException {
      if (!real.getAutoCommit()) {
        real.rollback();
        real.setAutoCommit(true);
      }
      idle.push(real);
    }

    private String rewritten(String sql) {
      return rewritten.computeIfAbsent(
          sql, s -> mutation.apply(s.replace("current_timestamp", "simulated_time()")));
    }
  }

  private interface Call {
    @Nullable Object make() throws Throwable;
  }

  private static @Nullable Object invoke(
      Object target, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
