package dev.ponder.job;

/// Looks into the thinking: how far a job is. Answered by whoever does the thinking, from memory
/// while the job runs here, else from what is durable.
public interface JobInsight {

  JobProgress progress(Job job);
}
