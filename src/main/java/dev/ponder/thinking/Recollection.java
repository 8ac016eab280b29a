package dev.ponder.thinking;

import dev.ponder.engine.Conversation;

/// The prompt of a thought that remembers an older part of itself as insights.
interface Recollection {

  /// For a thought whose prompt has no place for insights, or whose pipeline makes none.
  Recollection NONE =
      new Recollection() {
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
