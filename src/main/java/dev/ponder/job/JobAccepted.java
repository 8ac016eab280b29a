package dev.ponder.job;

import java.util.UUID;

/// A job waits to be claimed: just submitted, or resumed.
public record JobAccepted(UUID job) {}
