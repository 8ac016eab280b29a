package dev.ponder.thinking.thought;

import dev.ponder.engine.Conversation;

/// The prompt of a thought that remembers an older part of itself as insights.
public interface FoldedPrompt {

  /// For a thought whose prompt has no place for insights, or whose pipeline makes none.
  FoldedPrompt NONE =
      new FoldedPrompt() {
        @Override
        public boolean isPossible() {
          return false;
        }

        @Override
        public Conversation with(String earlier) {
          throw new IllegalStateException("This thought remembers nothing");
        }
      };

  boolean isPossible();

  /// The thought's prompt with these insights in it.
  Conversation with(String earlier);
}
