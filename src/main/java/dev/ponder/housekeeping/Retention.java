package dev.ponder.housekeeping;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import dev.ponder.job.RecurringWork;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deletes jobs that have been over for longer than `ponder.retention.delete-after`. Only there if
/// that is set.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("ponder.retention.delete-after")
class Retention {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  @Bean
  RecurringWork deletionOfOldJobs(JdbcClient jdbc, RetentionSettings settings, InstantSource time) {
    return new RecurringWork("retention", settings.every(), () -> sweep(jdbc, settings, time));
  }

  private static void sweep(JdbcClient jdbc, RetentionSettings settings, InstantSource time) {
    Instant before = time.instant().minus(settings.deleteAfter());
    int all = 0;
    int deleted;
    do {
      deleted = delete(jdbc, before.atOffset(ZoneOffset.UTC), settings.batch());
      all += deleted;
    } while (deleted == settings.batch());
    if (all > 0) {
      log.info(
          "Jobs deleted that were over for more than {} (ponder.retention.delete-after): {}",
          settings.deleteAfter(),
          all);
      AuditLog.write(AuditEntry.own(time.instant(), "deleteOldJobs", Integer.toString(all), true));
    }
  }

  /// Only jobs that are over have an end, and one that is over never runs again.
  private static int delete(JdbcClient jdbc, OffsetDateTime before, int batch) {
    return jdbc.sql(
            """
            delete from job where id in (
              select id from job where finished_at < :before order by finished_at limit :batch)
            """)
        .param("before", before)
        .param("batch", batch)
        .update();
  }
}
