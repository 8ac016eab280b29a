package dev.ponder.journal.storage;

import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/// Counts what is stored: bytes of prompts, answers, thoughts in all their forms, and archives.
/// Each row knows its size, so no text is read to add them up.
@Component("storageSizes")
public class Storage {

  /// A line of a journal has a few numbers and names, and some a note of a sentence or two.
  private static final int LINE = 100;

  private final JdbcTemplate jdbc;

  public Storage(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /// Bytes of all jobs.
  public long total() {
    return sum(
        """
        select (select coalesce(sum(stored), 0) from job)
          + (select coalesce(sum(stored), 0) from thought)
          + (select coalesce(sum(octet_length(text) + coalesce(octet_length(ids), 0)), 0) from chunk)
          + (select count(*) from journal) * %d
        """
            .formatted(LINE));
  }

  /// Bytes of one job; 0 if there is none.
  public long of(UUID job) {
    return sum(
        """
        select (select coalesce(sum(stored), 0) from job where id = ?)
          + (select coalesce(sum(stored), 0) from thought where job_id = ?)
          + (select coalesce(sum(octet_length(c.text) + coalesce(octet_length(c.ids), 0)), 0)
             from thought t join chunk c on c.thought_id = t.id where t.job_id = ?)
          + (select count(*) from journal where job_id = ?) * %d
        """
            .formatted(LINE),
        job,
        job,
        job,
        job);
  }

  /// Jobs in the archive.
  public long archivedJobs() {
    return sum("select count(*) from job where archived_at is not null");
  }

  private long sum(String sql, Object... parameters) {
    Long sum = jdbc.queryForObject(sql, Long.class, parameters);
    return sum == null ? 0 : sum;
  }
}
