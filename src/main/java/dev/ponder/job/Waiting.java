package dev.ponder.job;

import java.time.Instant;

/// What a running job waits for: an engine that is away, and goes on by itself.
///
/// @param model whose engine is away
/// @param because why, in the words of its server where it has said something
/// @param since when the wait began
public record Waiting(String model, String because, Instant since) {

  /// Clears the columns of a wait.
  static final String OVER = "waiting_for = null, waiting_because = null, waiting_since = null";
}
