package dev.ponder.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/// Makes the database of a service fail on command: away, out of space, or gone for good after so
/// many writes, as it is for a process that is killed there.
///
/// A write is a statement that changes rows, or the commit of a transaction. What a transaction had
/// not committed when the database went away is rolled back, as it would be.
public final class DatabaseFaults implements BeanPostProcessor {

  private static final String CONNECTION_LOST = "08006";
  private static final String DISK_FULL = "53100";

  private final AtomicInteger writes = new AtomicInteger();
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private volatile int dieAfter = Integer.MAX_VALUE;
  private volatile boolean counting;
  private volatile boolean away;
  private volatile boolean full;

  /// From now on every statement and every new connection fails, until [#isBack].
  public void isAway() {
    away = true;
  }

  /// From now on every write fails, reads do not.
  public void isFull() {
    full = true;
  }

  /// All is well again. What was counted is forgotten.
  public void isBack() {
    away = false;
    full = false;
    counting = false;
    dieAfter = Integer.MAX_VALUE;
  }

  /// Counts writes from now on, and is away from the moment the `count`-th has happened.
  public void diesAfter(int count) {
    writes.set(0);
    statements.clear();
    dieAfter = count;
    counting = true;
  }

  public boolean hasDied() {
    return away;
  }

  /// The writes counted since [#diesAfter], in order.
  public List<String> written() {
    return List.copyOf(statements);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    return bean instanceof DataSource source
        ? proxy(DataSource.class, source, this::ofSource)
        : bean;
  }

  private Object ofSource(Object source, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (!method.getName().equals("getConnection")) {
      return called(source, method, arguments);
    }
    failIfAway();
    return proxy(
        Connection.class, (Connection) called(source, method, arguments), this::ofConnection);
  }

  private Object ofConnection(Object connection, Method method, Object @Nullable [] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "prepareStatement" -> {
        failIfAway();
        String sql = (String) arguments[0];
        var statement = (PreparedStatement) called(connection, method, arguments);
        return proxy(
            PreparedStatement.class, statement, (target, m, a) -> ofStatement(target, m, a, sql));
      }
      case "createStatement" -> {
        failIfAway();
        var statement = (Statement) called(connection, method, arguments);
        return proxy(
            Statement.class,
            statement,
            (target, m, a) ->
                ofStatement(target, m, a, a != null && a[0] instanceof String sql ? sql : ""));
      }
      case "commit" -> {
        return written("commit", () -> called(connection, method, arguments));
      }
      default -> {
        return called(connection, method, arguments);
      }
    }
  }

  private Object ofStatement(
      Object statement, Method method, Object @Nullable [] arguments, String sql) throws Throwable {
    if (!method.getName().startsWith("execute")) {
      return called(statement, method, arguments);
    }
    return isWrite(sql)
        ? written(sql, () -> called(statement, method, arguments))
        : whileThere(() -> called(statement, method, arguments));
  }

  private static boolean isWrite(String sql) {
    String begin = sql.stripLeading().toLowerCase(Locale.ROOT);
    return begin.startsWith("insert") || begin.startsWith("update") || begin.startsWith("delete");
  }

  private interface Call {
    Object make() throws Throwable;
  }

  private Object whileThere(Call call) throws Throwable {
    failIfAway();
    return call.make();
  }

  private Object written(String sql, Call call) throws Throwable {
    failIfAway();
    if (full) {
      throw new SQLException("No space left on the device of the test", DISK_FULL);
    }
    Object result = call.make();
    if (counting) {
      count(sql);
    }
    return result;
  }

  private synchronized void count(String sql) {
    if (!away) {
      statements.add(sql.strip().lines().findFirst().orElse("").strip());
      away = writes.incrementAndGet() >= dieAfter;
    }
  }

  private void failIfAway() throws SQLException {
    if (away) {
      throw new SQLException("The database of the test is away", CONNECTION_LOST);
    }
  }

  private static Object called(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private interface Handler {
    Object handle(Object target, Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, T target, Handler handler) {
    InvocationHandler proxied =
        (self, method, arguments) -> handler.handle(target, method, arguments);
    return type.cast(
        Proxy.newProxyInstance(
            DatabaseFaults.class.getClassLoader(), new Class<?>[] {type}, proxied));
  }
}
