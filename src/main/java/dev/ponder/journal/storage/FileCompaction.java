package dev.ponder.journal.storage;

import dev.ponder.database.DatabaseFile;
import dev.ponder.job.RecurringWork;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/// Makes the H2 file smaller while nobody thinks: a burst of submissions leaves it ten times as
/// large as what they hold.
@Component
class FileCompaction {

  /// Less is not worth the writing: H2 fills it again with the next jobs.
  static final long WORTH_IT = 32 << 20;

  /// A file that is as much larger than its content has something to give back.
  private static final int TIMES = 3;

  /// How long commits may wait for a step.
  private static final Duration STEP = Duration.ofMillis(50);

  /// Each time costs a few commits by itself. A file of a gigabyte takes some minutes.
  private static final Duration EVERY = Duration.ofMinutes(1);

  /// Steps until the first bytes are given back, and some more.
  private static final int STEPS = 6;

  private static final Logger log = LoggerFactory.getLogger(FileCompaction.class);

  private final DatabaseFile database;
  private final Storage storage;
  private final JdbcTemplate jdbc;

  FileCompaction(DatabaseFile database, Storage storage, JdbcTemplate jdbc) {
    this.database = database;
    this.storage = storage;
    this.jdbc = jdbc;
  }

  /// @return whether the file became smaller
  boolean whenIdle() {
    long before = database.bytes();
    if (before < WORTH_IT || before < TIMES * storage.total()) {
      return false;
    }
    for (int step = 0; step < STEPS && isIdle(); step++) {
      database.compact(STEP);
    }
    long after = database.bytes();
    if (after < before) {
      log.info("The file of the database has {} MB now and had {} MB", after >> 20, before >> 20);
    }
    return after < before;
  }

  private boolean isIdle() {
    Integer running =
        jdbc.queryForObject(
            "select count(*) from job where status in ('RUNNING', 'QUEUED')", Integer.class);
    return running != null && running == 0 && !Thread.currentThread().isInterrupted();
  }

  @Configuration(proxyBeanMethods = false)
  static class Now {
    @Bean
    RecurringWork compactionOfTheFile(FileCompaction compaction) {
      return new RecurringWork("file-compaction", EVERY, compaction::whenIdle);
    }
  }
}
