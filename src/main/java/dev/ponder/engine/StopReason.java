package dev.ponder.engine;

/// Why a generation ended.
public enum StopReason {
  /// The model ended its turn.
  END_OF_TURN,
  /// `maxTokens` were written.
  LIMIT,
  /// The context is full.
  CONTEXT_FULL,
  /// The caller closed the stream.
  CANCELLED
}
