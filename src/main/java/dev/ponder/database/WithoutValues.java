package dev.ponder.database;

import dev.ponder.log.LoggedContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.Properties;
import java.util.regex.Pattern;
import org.h2.jdbc.JdbcException;
import org.h2.util.Utils;
import org.jspecify.annotations.Nullable;

/// What H2 says of a statement that failed, without the values in it.
///
/// H2 puts rows into its messages: that of a lock that was waited for in vain, of a key that is
/// there already, of a text that is too long. In a row is a prompt. So its exceptions do not leave
/// the connection; others of the same kind, state and code do, with H2's sentence and gaps in it.
final class WithoutValues {

  private static final String SENTENCES = "/org/h2/res/_messages_en.prop";
  private static final Pattern VALUE = Pattern.compile("\\{\\d}");
  private static final Properties KNOWN = known();

  private WithoutValues() {}

  /// Calls a method of H2's objects.
  static @Nullable Object call(Object h2, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    try {
      Object result = method.invoke(h2, arguments);
      return result instanceof Statement statement
              && Statement.class.isAssignableFrom(method.getReturnType())
          ? spoken(statement)
          : result;
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException failure ? of(failure) : e.getCause();
    }
  }

  private static Statement spoken(Statement h2) {
    Class<?> type =
        h2 instanceof CallableStatement
            ? CallableStatement.class
            : h2 instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
    return (Statement)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(h2, method, arguments));
  }

  /// The same failure in words without values.
  static SQLException of(SQLException h2) {
    if (LoggedContent.isShown() || !(h2 instanceof JdbcException) && !hasH2(h2)) {
      return h2;
    }
    String state = h2.getSQLState();
    int code = h2.getErrorCode();
    String said = sentence(state, code);
    SQLException same =
        switch (h2) {
          case BatchUpdateException batch ->
              new BatchUpdateException(said, state, code, batch.getUpdateCounts());
          case SQLIntegrityConstraintViolationException e ->
              new SQLIntegrityConstraintViolationException(said, state, code);
          case SQLDataException e -> new SQLDataException(said, state, code);
          case SQLSyntaxErrorException e -> new SQLSyntaxErrorException(said, state, code);
          case SQLFeatureNotSupportedException e ->
              new SQLFeatureNotSupportedException(said, state, code);
          case SQLInvalidAuthorizationSpecException e ->
              new SQLInvalidAuthorizationSpecException(said, state, code);
          case SQLNonTransientConnectionException e ->
              new SQLNonTransientConnectionException(said, state, code);
          case SQLNonTransientException e -> new SQLNonTransientException(said, state, code);
          case SQLTimeoutException e -> new SQLTimeoutException(said, state, code);
          case SQLTransactionRollbackException e ->
              new SQLTransactionRollbackException(said, state, code);
          case SQLTransientConnectionException e ->
              new SQLTransientConnectionException(said, state, code);
          case SQLTransientException e -> new SQLTransientException(said, state, code);
          default -> new SQLException(said, state, code);
        };
    same.setStackTrace(h2.getStackTrace());
    SQLException next = h2.getNextException();
    if (next != null && next != h2) {
      same.setNextException(of(next));
    }
    return same;
  }

  /// A batch fails with an exception of Java's, and H2's behind it.
  private static boolean hasH2(SQLException failure) {
    return failure.getNextException() instanceof JdbcException
        || failure.getCause() instanceof JdbcException;
  }

  private static String sentence(@Nullable String state, int code) {
    String known = state == null ? null : KNOWN.getProperty(state);
    return (known == null ? "H2 refused a statement" : VALUE.matcher(known).replaceAll("…"))
        + " [H2 %d]".formatted(code);
  }

  private static Properties known() {
    var sentences = new Properties();
    try {
      sentences.load(
          new InputStreamReader(
              new ByteArrayInputStream(Utils.getResource(SENTENCES)), StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException without) {
      // The state and the code are said anyway.
    }
    return sentences;
  }
}
