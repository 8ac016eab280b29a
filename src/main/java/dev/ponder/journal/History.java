package dev.ponder.journal;

import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is durable of a job's thinking.
///
/// @param finished in the order they were finished
/// @param running the thoughts that were interrupted, as far as they are durable
/// @param lastSeq the newest number of the journal, 0 if it is empty
/// @param sentBack why verification sent the job back to exploration, if it did
/// @param judgements what a model has said of the job's answers, oldest first
public record History(
    List<Thought> finished,
    Map<ThoughtKey, Interrupted> running,
    long lastSeq,
    @Nullable String sentBack,
    List<JudgementNote> judgements) {

  /// The durable part of a thought that was being written.
  ///
  /// @param id of its row
  /// @param ids token ids of the text, empty unless every token's id is known
  /// @param folds what stands for its older parts, in order
  public record Interrupted(
      long id, long seed, String text, int tokens, int[] ids, List<Fold> folds) {}

  public Optional<Thought> finished(ThoughtKey key) {
    return finished.stream().filter(thought -> thought.key().equals(key)).findFirst();
  }

  public Collection<ThoughtKey> interrupted() {
    return running.keySet();
  }
}
