package dev.ponder.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.unit.DataSize;

/// What is written in a row is in no message about it.
class WithoutValuesTests {

  private static final String SECRET = "canary, the secret of a prompt";

  @TempDir private Path folder;
  private DataSource source;

  @BeforeEach
  void aTable() throws Exception {
    var h2 = new JdbcDataSource();
    String path = folder.resolve("db").toString();
    h2.setURL("jdbc:h2:file:" + path + ";LOCK_TIMEOUT=50;DB_CLOSE_DELAY=-1");
    var settings = new DatabaseSettings(Duration.ZERO, Duration.ZERO, DataSize.ofBytes(1), false);
    source = new H2Source(h2, DatabaseDisk.of(path, settings));
    try (Connection connection = source.getConnection()) {
      connection
          .createStatement()
          .execute(
              "create table t (id int primary key, text varchar(40) unique, n int check (n > 0))");
      connection.createStatement().execute("insert into t values (1, '" + SECRET + "', 1)");
    }
  }

  @org.junit.jupiter.api.AfterEach
  void closed() throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.createStatement().execute("shutdown immediately");
    } catch (SQLException closed) {
      // As was asked.
    }
  }

  @Test
  void aLockThatIsWaitedForInVainTellsNoRow() throws Exception {
    try (Connection holder = source.getConnection()) {
      holder.setAutoCommit(false);
      holder.createStatement().executeQuery("select * from t for update");

      var failure =
          failure(
              SQLTimeoutException.class,
              () -> update("update t set text = ? where id = 1", SECRET));

      assertThat((Throwable) failure).hasMessage("Timeout trying to lock table … [H2 50200]");
      assertThat(failure.getErrorCode()).isEqualTo(50_200);
      holder.rollback();
    }
  }

  @Test
  void aKeyThatIsThereTellsNoKey() {
    var failure =
        failure(
            SQLIntegrityConstraintViolationException.class,
            () -> update("insert into t values (2, ?, 1)", SECRET));

    assertThat(failure.getSQLState()).isEqualTo("23505");
  }

  @Test
  void aCheckThatFailsTellsNoRow() {
    failure(
        SQLIntegrityConstraintViolationException.class,
        () -> update("insert into t values (3, ?, -1)", "another " + SECRET));
  }

  @Test
  void aTextThatIsTooLongIsNotTold() {
    failure(
        SQLDataException.class, () -> update("insert into t values (4, ?, 1)", SECRET.repeat(10)));
  }

  @Test
  void aTextThatIsNoNumberIsNotTold() {
    failure(SQLDataException.class, () -> update("update t set n = ?", SECRET));
    failure(SQLException.class, () -> update("update t set n = cast('" + SECRET + "' as int)"));
  }

  @Test
  void aStatementWithAMistakeIsNotTold() {
    failure(SQLSyntaxErrorException.class, () -> update("update t sett text = '" + SECRET + "'"));
  }

  @Test
  void aBatchTellsNoRow() {
    failure(
        BatchUpdateException.class,
        () -> {
          try (var connection = source.getConnection();
              var statement = connection.prepareStatement("insert into t values (?, ?, 1)")) {
            statement.setInt(1, 5);
            statement.setString(2, SECRET);
            statement.addBatch();
            statement.executeBatch();
          }
        });
  }

  @Test
  void springTellsTheKindsApartAsBefore() {
    var jdbc = new JdbcTemplate(source);

    assertThat(
            catchThrowableOfType(
                org.springframework.dao.DuplicateKeyException.class,
                () -> jdbc.update("insert into t values (6, ?, 1)", SECRET)))
        .message()
        .doesNotContain("canary");
  }

  private void update(String sql, String... values) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static <T extends SQLException> T failure(Class<T> type, ThrowingCallable work) {
    T failure = catchThrowableOfType(type, work);
    assertThat((Throwable) failure).isNotNull();
    var all = new StringWriter();
    failure.printStackTrace(new PrintWriter(all));
    for (SQLException next = failure; next != null; next = next.getNextException()) {
      all.append(next.toString());
    }
    assertThat(all.toString()).doesNotContain("canary");
    return failure;
  }
}
