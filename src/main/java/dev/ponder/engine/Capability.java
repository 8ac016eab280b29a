package dev.ponder.engine;

/// Something that an engine can do with its model, or not.
public enum Capability {
  /// Continues a partly written assistant message exactly where it stopped.
  CONTINUATION,
  /// Reports token ids and accepts them back.
  TOKEN_IDS,
  /// Token counts come from the engine's tokenizer, not from an estimate.
  EXACT_COUNTS,
  /// Evaluates a prompt once for several sequences that start with it, when asked to
  /// ([Engine#share]).
  SHARED_PREFIX,
  /// Reuses the evaluated prefix of an earlier request.
  PREFIX_CACHE,
  /// Closing a stream stops the decode.
  CANCELLATION,
  /// The same seed and prompt give the same text.
  REPRODUCIBLE,
  /// Keeps what is evaluated of a thought beyond the end of its process, until [Engine#forget], so
  /// that the thought goes on without evaluating all of it again.
  KV_SNAPSHOT
}
