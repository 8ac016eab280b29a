package dev.ponder.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One connection of a [SimulatedDatabase] in somebody's hands: what is asked of it fails when the
/// seed says so, and whoever meets a locked row hands the baton over and tries again.
final class SimulatedSession {
  private static final int LOCK_TIMEOUT = 50200;
  private static final Duration LONGEST_LOCK = Duration.ofSeconds(1);

  private final SimulatedDatabase database;
  private final Baton baton;
  private final Odds odds;
  private final Connection real;
  private WrittenTables written = new WrittenTables();
  private boolean broken;

  SimulatedSession(SimulatedDatabase database, Baton baton, Odds odds, Connection real) {
    this.database = database;
    this.baton = baton;
    this.odds = odds;
    this.real = real;
  }

  @Nullable Object called(Method method, Object @Nullable [] arguments) throws Throwable {
    return switch (method.getName()) {
      case "prepareStatement" -> {
        check();
        String sql = database.rewritten((String) arguments[0]);
        arguments[0] = sql;
        var statement = (PreparedStatement) invoke(real, method, arguments);
        yield Proxy.newProxyInstance(
            SimulatedSession.class.getClassLoader(),
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
          "The connection was lost before, says the simulation", SimulatedDatabase.CONNECTION_LOST);
    }
    database.failIfCutOff();
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
    database.trace("the node dies " + where);
    database.kill(host);
    baton.checkAlive();
  }

  private void lose(String what) throws SQLException {
    database.trace(what);
    broken = true;
    if (!real.getAutoCommit()) {
      real.rollback();
    }
    throw new SQLException("Lost, says the simulation: " + what, SimulatedDatabase.CONNECTION_LOST);
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
      // the younger one would never get the baton. So one that holds nothing yet begins anew.
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
    WrittenTables tables = written;
    written = new WrittenTables();
    if (!tables.isEmpty()) {
      database.committed(tables);
    }
  }

  private void rollback() throws SQLException {
    written = new WrittenTables();
    real.rollback();
  }

  private void close() throws SQLException {
    if (!real.getAutoCommit()) {
      real.rollback();
      real.setAutoCommit(true);
    }
    database.takeBack(real);
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
