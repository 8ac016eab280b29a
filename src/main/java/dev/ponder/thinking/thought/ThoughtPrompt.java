package dev.ponder.thinking.thought;

import dev.ponder.engine.Conversation;
import dev.ponder.memory.PromptContents;

/// The prompt of a thought.
///
/// @param folded the same once the thought remembers an older part of itself
/// @param contents what it was made of, for the journal
public record ThoughtPrompt(
    Conversation conversation, FoldedPrompt folded, PromptContents contents) {}
