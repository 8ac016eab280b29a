package dev.ponder.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.unit.DataSize;

class DatabaseFileTests {

  private static final int ROWS = 150;
  private static final int CHARACTERS = 10_000;

  @TempDir private Path folder;

  @Test
  void aFileThatManyCommitsMadeLargeIsMadeSmallAgainWhileItIsOpen() throws Exception {
    String path = folder.resolve("db").toString();
    String url = "jdbc:h2:file:" + path + ";WRITE_DELAY=0";
    var h2 = new JdbcDataSource();
    h2.setURL(url);
    var settings = new DatabaseSettings(Duration.ZERO, Duration.ZERO, DataSize.ofBytes(1), false);
    try (var pool = new HikariDataSource()) {
      pool.setDataSource(new H2Source(h2, DatabaseDisk.of(path, settings)));
      var jdbc = new JdbcTemplate(pool);
      var database = new DatabaseFile(pool, url);
      jdbc.execute("create table t (id int primary key, text varchar, n int)");
      for (int i = 0; i < ROWS; i++) {
        jdbc.update("insert into t values (?, ?, 0)", i, "x".repeat(CHARACTERS));
        jdbc.update("update t set n = 1 where id = ?", i);
      }
      long grown = database.bytes();

      for (int step = 0; step < 12; step++) {
        database.compact(Duration.ofMillis(50));
      }

      assertThat(grown).isGreaterThan(4L * ROWS * CHARACTERS);
      assertThat(database.bytes())
          .isEqualTo(Files.size(Path.of(path + ".mv.db")))
          .isLessThan(grown / 2);
      assertThat(
              jdbc.queryForObject(
                  "select count(*) from t where n = 1 and char_length(text) = " + CHARACTERS,
                  Integer.class))
          .isEqualTo(ROWS);
    }
  }

  @Test
  void postgresHasNoFileOfOurs() {
    var database = new DatabaseFile(new JdbcDataSource(), "jdbc:postgresql://db/ponder");

    assertThat(database.isFile()).isFalse();
    assertThat(database.bytes()).isZero();
    assertThat(database.compact(Duration.ofMillis(50))).isFalse();
  }
}
