package dev.ponder.job;

import java.util.UUID;

/// The right to write to a job. Each claim raises the job's epoch, so the writes of an older owner
/// fail, however late it wakes up.
public record Lease(UUID job, long epoch) {}
