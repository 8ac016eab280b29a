package dev.ponder.engine;

/// What an engine can do with its model. Decisions are made by these, never by an engine's name.
///
/// @param continuation continues a partly written assistant message exactly where it stopped
/// @param tokenIds reports token ids and accepts them back
/// @param exactCounts token counts come from the engine's tokenizer, not from an estimate
/// @param sharedPrefix evaluates a prompt once for several sequences that start with it, when asked
///     to ([Engine#share])
/// @param prefixCache reuses the evaluated prefix of an earlier request
/// @param cancellation closing a stream stops the decode
/// @param reproducible the same seed and prompt give the same text
/// @param kvSnapshot keeps what is evaluated of a thought beyond the end of its process, until
///     [Engine#forget], so that the thought goes on without evaluating all of it again
/// @param sequences how many generations run at the same time, at least 1
/// @param contextTokens tokens of prompt and answer together that one sequence can hold
public record Capabilities(
    boolean continuation,
    boolean tokenIds,
    boolean exactCounts,
    boolean sharedPrefix,
    boolean prefixCache,
    boolean cancellation,
    boolean reproducible,
    boolean kvSnapshot,
    int sequences,
    int contextTokens) {}
