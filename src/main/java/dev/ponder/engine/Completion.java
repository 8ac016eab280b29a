package dev.ponder.engine;

import dev.ponder.budget.TokenUsage;
import java.time.Duration;

/// How a generation ended and what it cost.
///
/// @param prefill time spent on the part of the prompt that was not cached
/// @param decode time from the first to the last token written
/// @param estimated whether a count of the usage is our own estimate, because the engine did not
///     count or its count cannot be true
public record Completion(
    StopReason reason, TokenUsage usage, Duration prefill, Duration decode, boolean estimated) {

  /// With counts of the engine's.
  public Completion(StopReason reason, TokenUsage usage, Duration prefill, Duration decode) {
    this(reason, usage, prefill, decode, false);
  }

  /// Tokens per second while decoding; 0 if fewer than two tokens were written.
  public double decodeSpeed() {
    int tokens = usage.written() - 1;
    return tokens <= 0 || decode.isZero() ? 0 : tokens * 1e9 / decode.toNanos();
  }
}
