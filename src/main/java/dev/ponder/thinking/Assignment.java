package dev.ponder.thinking;

import dev.ponder.budget.Deadline;
import dev.ponder.budget.Governor.Ruling;
import dev.ponder.checkpoint.History.Interrupted;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.memory.ThoughtKey;
import org.jspecify.annotations.Nullable;

/// One thought to write.
///
/// @param closing the line that closes it when its budget is used up
/// @param affinity which sequence of the engine it continues
/// @param alone whether it is the only thought of its stage
/// @param interrupted what is durable of it, if it was begun before
record Assignment(
    ThoughtKey key,
    long seed,
    Conversation conversation,
    Sampling sampling,
    Ruling.Think ruling,
    Deadline deadline,
    String closing,
    String affinity,
    boolean alone,
    @Nullable Interrupted interrupted) {

  /// What an engine is asked for first, for an engine that prepares several thoughts together.
  GenerationRequest firstRequest() {
    Written written =
        interrupted == null ? Written.NOTHING : new Written(interrupted.text(), interrupted.ids());
    return new GenerationRequest(
        conversation, written, sampling, seed, ruling.budget().total(), deadline, affinity);
  }
}
