package dev.ponder.thinking.thought;

import dev.ponder.budget.Governor.Ruling;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.journal.History.Interrupted;
import dev.ponder.memory.Fold;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Pipeline;
import dev.ponder.time.Deadline;
import org.jspecify.annotations.Nullable;

/// One thought to write.
///
/// @param pipeline whose words it is thought in
/// @param model that thinks it
/// @param recollection its prompt once it remembers an older part of itself
/// @param prompt what its prompt was made of, for the journal; null says nothing
/// @param closing the line that closes it when its budget is used up
/// @param affinity which sequence of the engine it continues
/// @param alone whether it is the only thought of its stage
/// @param interrupted what is durable of it, if it was begun before
public record Assignment(
    ThoughtKey key,
    long seed,
    Pipeline pipeline,
    String model,
    Conversation conversation,
    FoldedPrompt recollection,
    @Nullable String prompt,
    Sampling sampling,
    Ruling.Think ruling,
    Deadline deadline,
    String closing,
    String affinity,
    boolean alone,
    @Nullable Interrupted interrupted) {

  /// What an engine is asked for first, for an engine that prepares several thoughts together.
  public GenerationRequest firstRequest() {
    if (interrupted == null) {
      return first(conversation, Written.NOTHING);
    }
    if (interrupted.folds().isEmpty() || !recollection.isPossible()) {
      return first(conversation, new Written(interrupted.text(), interrupted.ids()));
    }
    String text = interrupted.text();
    int recent = interrupted.folds().getLast().uptoChar();
    return first(
        recollection.with(Fold.earlier(text, interrupted.folds())),
        Written.text(text.substring(recent)));
  }

  private GenerationRequest first(Conversation asked, Written written) {
    return new GenerationRequest(
        asked, written, sampling, seed, ruling.budget().total(), deadline, affinity);
  }
}
