package dev.ponder.database;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Connections to an H2 file that take no writes while its disk has little room, which reading does
/// not mind, and nothing at all once their database was closed because its file failed.
///
/// H2 2.4.240 counts the users of each version of its store. A transaction whose rollback fails is
/// taken off twice, and whoever uses that version next waits for the number to grow, for ever and
/// at full speed (`MVStore.registerVersionUsage`). The pool rolls back before it closes.
final class H2Source extends DelegatingDataSource {

  /// SQLSTATE of a connection that broke.
  private static final String BROKEN = "08006";

  private static final Pattern WRITE =
      Pattern.compile(
          "\\s*(insert|update|delete|merge)\\b.*|.*\\bfor\\s+update\\b.*", Pattern.DOTALL);

  private final DatabaseDisk disk;

  H2Source(DataSource h2, DatabaseDisk disk) {
    super(h2);
    this.disk = disk;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return opened(super::getConnection);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return opened(() -> super.getConnection(user, password));
  }

  private interface Opening {
    Connection connect() throws SQLException;
  }

  /// The first connection opens the file, for which it may have to be written.
  private Connection opened(Opening opening) throws SQLException {
    int before = disk.failures();
    try {
      return guarded(opening.connect());
    } catch (SQLException e) {
      throw disk.failures() != before && disk.lacksRoom() ? disk.full() : e;
    }
  }

  private Connection guarded(Connection h2) {
    int opened = disk.failures();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> call(h2, opened, method, arguments));
  }

  /// @param opened how often the file had failed when the connection was made
  private @Nullable Object call(
      Connection h2, int opened, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (disk.failures() != opened) {
      return ofNoDatabase(method);
    }
    if (disk.lacksRoom() && isWrite(method, arguments)) {
      throw disk.full();
    }
    return WithoutValues.call(h2, method, arguments);
  }

  private static boolean isWrite(Method method, @Nullable Object @Nullable [] arguments) {
    return method.getName().equals("prepareStatement")
        && arguments != null
        && arguments[0] instanceof String sql
        && WRITE.matcher(sql.toLowerCase(Locale.ROOT)).matches();
  }

  private static @Nullable Object ofNoDatabase(Method method) throws SQLException {
    return switch (method.getName()) {
      case "close", "abort" -> null;
      case "isClosed" -> true;
      case "isValid" -> false;
      case "toString" -> "connection to a database that was closed";
      case "hashCode" -> 0;
      default ->
          throw new SQLNonTransientConnectionException(
              "The database was closed because its file failed", BROKEN);
    };
  }
}
