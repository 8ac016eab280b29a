package dev.ponder.journal.archive;

import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import org.jspecify.annotations.Nullable;

/// A finished thought in one of its forms.
///
/// @param text its reasoning, or the insights that stand for it
/// @param mark what the sweep made of it, null if it has not looked at it
public record StoredThought(
    ThoughtKey key,
    long seed,
    ThoughtForm form,
    String text,
    String conclusion,
    int tokens,
    boolean forcedClose,
    @Nullable SweepMark mark) {

  static StoredThought original(Thought thought, @Nullable SweepMark mark) {
    return new StoredThought(
        thought.key(),
        thought.seed(),
        ThoughtForm.ORIGINAL,
        thought.reasoning(),
        thought.conclusion(),
        thought.tokens(),
        thought.forcedClose(),
        mark);
  }
}
