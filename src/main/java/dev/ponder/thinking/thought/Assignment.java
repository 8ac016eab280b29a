package dev.ponder.thinking.thought;

import dev.ponder.budget.Governor.Ruling;
import dev.ponder.budget.TokenBudget;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.journal.History.Interrupted;
import dev.ponder.memory.Fold;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.StageConfig;
import dev.ponder.time.Deadline;
import org.jspecify.annotations.Nullable;

/// One thought to write.
///
/// @param affinity which sequence of the engine it continues
/// @param pipeline whose words it is thought in
/// @param deadline of the job
/// @param interrupted what is durable of it, if it was begun before
public record Assignment(
    ThoughtKey key,
    long seed,
    String affinity,
    Pipeline pipeline,
    ThoughtPrompt prompt,
    Ruling.Think ruling,
    Deadline deadline,
    @Nullable Interrupted interrupted) {

  TokenBudget budget() {
    return ruling.budget();
  }

  /// The line that closes it when its budget is used up.
  String closing() {
    return pipeline.closing();
  }

  private StageConfig stage() {
    return pipeline.stage(key.stage());
  }

  /// Whether it is the only thought of its stage.
  boolean alone() {
    return stage().branches() == 1;
  }

  private Sampling sampling() {
    var sampling = pipeline.sampling();
    return new Sampling(
        stage().temperature(),
        sampling.topP(),
        sampling.topK(),
        sampling.minP(),
        sampling.presencePenalty(),
        sampling.repeatPenalty());
  }

  /// What an engine is asked for first, for an engine that prepares several thoughts together.
  public GenerationRequest firstRequest() {
    if (interrupted == null) {
      return first(prompt.conversation(), Written.NOTHING);
    }
    if (interrupted.folds().isEmpty() || !prompt.folded().isPossible()) {
      return first(prompt.conversation(), new Written(interrupted.text(), interrupted.ids()));
    }
    String text = interrupted.text();
    int recent = interrupted.folds().getLast().uptoChar();
    return first(
        prompt.folded().with(Fold.earlier(text, interrupted.folds())),
        Written.text(text.substring(recent)));
  }

  private GenerationRequest first(Conversation asked, Written written) {
    return request(asked, written, budget().total());
  }

  /// @param most tokens to write
  GenerationRequest request(Conversation asked, Written written, int most) {
    return new GenerationRequest(asked, written, sampling(), seed, most, deadline, affinity);
  }
}
