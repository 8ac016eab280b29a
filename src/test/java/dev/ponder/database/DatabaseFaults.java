package dev.ponder.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/// Makes the database of a service fail on command: away, out of space, or gone for good after so
/// many writes, as it is for a process that is killed there.
///
/// A write is a statement that changes rows, or the commit of a transaction that has some. What a
/// transaction had not committed when the database went away is rolled back, as it would be.
public final class DatabaseFaults implements BeanPostProcessor {

  private static final String CONNECTION_LOST = "08006";
  private static final String DISK_FULL = "53100";

  private final AtomicInteger writes = new AtomicInteger();
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private volatile int dieAfter = Integer.MAX_VALUE;
  private volatile int loseAnswerOf = Integer.MAX_VALUE;
  private volatile Runnable whenDied = () -> {};
  private volatile boolean counting;
  private volatile boolean away;
  private volatile boolean full;
  private volatile Consumer<String> listener = statement -> {};

  /// Tells of each statement that is executed from now on, on the thread that executes it.
  public void tell(Consumer<String> listener) {
    this.listener = listener;
  }

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
    loseAnswerOf = Integer.MAX_VALUE;
  }

  /// Counts writes from now on. The `count`-th happens, but its caller learns only that the
  /// connection broke.
  public void losesAnswerOf(int count) {
    diesAfter(Integer.MAX_VALUE);
    loseAnswerOf = count;
  }

  /// Counts writes from now on, and is away from the moment the `count`-th has happened.
  public void diesAfter(int count) {
    diesAfter(count, () -> {});
  }

  /// @param atDeath called at that moment, while the database still takes writes: branches that run
  ///     beside the one that dies would otherwise be seen to go on after their owner's death
  public void diesAfter(int count, Runnable atDeath) {
    whenDied = atDeath;
    writes.set(0);
    statements.clear();
    dieAfter = count;
    loseAnswerOf = Integer.MAX_VALUE;
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
    var transaction = new ArrayList<String>();
    return proxy(
        Connection.class,
        (Connection) called(source, method, arguments),
        (connection, m, a) -> ofConnection((Connection) connection, m, a, transaction));
  }

  /// @param transaction what the connection has written since its last commit
  private Object ofConnection(
      Connection connection, Method method, Object @Nullable [] arguments, List<String> transaction)
      throws Throwable {
    Call call = () -> called(connection, method, arguments);
    return switch (method.getName()) {
      case "prepareStatement" -> {
        var statement = (PreparedStatement) whileThere(call);
        String sql = (String) arguments[0];
        yield proxy(
            PreparedStatement.class,
            statement,
            (target, m, a) -> ofStatement((Statement) target, m, a, sql, transaction));
      }
      case "createStatement" ->
          proxy(
              Statement.class,
              (Statement) whileThere(call),
              (target, m, a) ->
                  ofStatement(
                      (Statement) target,
                      m,
                      a,
                      a != null && a[0] instanceof String sql ? sql : "",
                      transaction));
      case "commit" -> {
        String writes = "commit of " + String.join(", ", transaction);
        boolean empty = transaction.isEmpty();
        transaction.clear();
        yield empty ? whileThere(call) : written(writes, call);
      }
      case "rollback", "close" -> {
        transaction.clear();
        yield call.make();
      }
      default -> call.make();
    };
  }

  private Object ofStatement(
      Statement statement,
      Method method,
      Object @Nullable [] arguments,
      String sql,
      List<String> transaction)
      throws Throwable {
    Call call = () -> called(statement, method, arguments);
    if (!method.getName().startsWith("execute")) {
      return call.make();
    }
    listener.accept(sql);
    if (!isWrite(sql)) {
      return whileThere(call);
    }
    String name = named(sql);
    if (statement.getConnection().getAutoCommit()) {
      return written(name, call);
    }
    transaction.add(name);
    return written(name + ", not committed", call);
  }

  private static boolean isWrite(String sql) {
    String begin = sql.stripLeading().toLowerCase(Locale.ROOT);
    return begin.startsWith("insert") || begin.startsWith("update") || begin.startsWith("delete");
  }

  /// The first word and the table.
  private static String named(String sql) {
    String[] words = sql.strip().split("[\\s(]+");
    return words[0].equals("update") ? "update " + words[1] : words[0] + " " + words[2];
  }

  private interface Call {
    Object make() throws Throwable;
  }

  private Object whileThere(Call call) throws Throwable {
    failIfAway();
    return call.make();
  }

  private Object written(String write, Call call) throws Throwable {
    failIfAway();
    if (full) {
      throw new SQLException("No space left on the device of the test", DISK_FULL);
    }
    Object result = call.make();
    if (counting && count(write) == loseAnswerOf) {
      throw new SQLException("The connection broke before the answer came", CONNECTION_LOST);
    }
    return result;
  }

  private synchronized int count(String write) {
    if (away) {
      return 0;
    }
    statements.add(write);
    if (writes.incrementAndGet() >= dieAfter) {
      // First: from the moment it is away, other threads go on without it.
      whenDied.run();
      away = true;
    }
    return writes.get();
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
