package dev.ponder.job;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/// Looks into the thinking: how far a job is. Answered by whoever does the thinking, from memory
/// while the job runs here, else from what is durable.
public interface JobInsight {

  JobProgress progress(Job job);

  /// The progress of each job of a list, without resumes and conclusions: with one query for all.
  Map<UUID, JobProgress> progress(Collection<ListedJob> jobs);
}
