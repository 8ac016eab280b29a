package dev.ponder.journal.archive;

import dev.ponder.job.JobFacts;
import dev.ponder.journal.Journals;
import dev.ponder.journal.Lines;
import org.springframework.stereotype.Component;

/// What is kept of any job's thinking, in the tables of running jobs or in the archive.
@Component
public class Records {

  private final Journals journals;
  private final Lines lines;
  private final Thoughts thoughts;
  private final Archive archive;

  Records(Journals journals, Lines lines, Thoughts thoughts, Archive archive) {
    this.journals = journals;
    this.lines = lines;
    this.thoughts = thoughts;
    this.archive = archive;
  }

  /// The record of one job, for one look at it.
  public JobRecord of(JobFacts job) {
    return new JobRecord(job, journals, lines, thoughts, archive);
  }
}
