package dev.ponder.job;

import java.util.UUID;

/// A job was cancelled or deleted: a run that works on it should stop now.
public record JobWithdrawn(UUID job) {}
