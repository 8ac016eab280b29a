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
  CANCELLED,
  /// The server ended it for a reason of its own: a filter, or a call of a tool that nobody
  /// offered. What was written is valid, and not all of an answer.
  WITHHELD
}
