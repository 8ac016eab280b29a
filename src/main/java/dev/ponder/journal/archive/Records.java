package dev.ponder.journal.archive;

import dev.ponder.job.JobFacts;
import dev.ponder.journal.Journals;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/// What is kept of any job's thinking, in the tables of running jobs or in the archive.
@Component
public class Records {

  private final JdbcTemplate jdbc;
  private final Journals journals;
  private final Archive archive;

  Records(JdbcTemplate jdbc, Journals journals, Archive archive) {
    this.jdbc = jdbc;
    this.journals = journals;
    this.archive = archive;
  }

  /// The record of one job, for one look at it.
  public JobRecord of(JobFacts job) {
    return new JobRecord(job, jdbc, journals, archive);
  }
}
