package dev.ponder.engine.openai;

import dev.ponder.engine.text.ThinkTags;

/// How a server answers, as it has shown.
///
/// @param continuation how it goes on with a text that was begun
/// @param splits whether it tells reasoning from content
/// @param caches whether it has found a prompt evaluated that it knew
/// @param tags of its model, its own first
record ServerBehaviour(Continuation continuation, boolean splits, boolean caches, ThinkTags tags) {

  /// Whether content that comes first means that the thinking is over. Where a text is continued as
  /// the content of a message, its rest comes as content, whatever it is.
  boolean contentConcludes(boolean goesOn) {
    return splits && (!goesOn || continuation == Continuation.REASONING);
  }
}
