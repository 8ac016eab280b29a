package dev.ponder.journal.archive;

import dev.ponder.memory.ThoughtKey;

/// A finished thought without its reasoning, which can be long: what a client that polls has to
/// know.
///
/// @param tokensPerSecond while it was decoded; 0 if it was too short to say
public record ThoughtSummary(
    ThoughtKey key, int tokens, String conclusion, boolean forcedClose, double tokensPerSecond) {}
