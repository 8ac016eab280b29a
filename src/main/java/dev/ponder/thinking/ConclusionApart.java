package dev.ponder.thinking;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.ThinkParser;
import dev.ponder.engine.Written;

/// Asks for the conclusion of a thought in a request of its own. A model that cannot go on behind a
/// thought that was closed for it is given it to read.
final class ConclusionApart {

  /// Characters of a token at least, so that what is shown of the thought fits.
  private static final int CHARACTERS = 2;

  private final Assignment assignment;
  private final String thinking;
  private final ThinkParser answer = new ThinkParser();

  /// @param thinking the thought, as far as it came
  ConclusionApart(Assignment assignment, String thinking) {
    this.assignment = assignment;
    this.thinking = thinking;
  }

  /// @param room tokens for the conclusion
  /// @param context tokens that a sequence holds
  GenerationRequest request(int room, int context) {
    Conversation asked = assignment.conversation();
    // The end of a thought says more about its conclusion than the beginning.
    int shown = Math.max(0, (context - room) * CHARACTERS - asked.user().length());
    int from = Math.max(0, thinking.length() - shown);
    boolean half =
        from > 0 && from < thinking.length() && Character.isLowSurrogate(thinking.charAt(from));
    String end = thinking.substring(half ? from + 1 : from).strip();
    String user =
        "%s\n\nYou have thought about this already:\n\n%s\n\nThink no more. Write the conclusion alone."
            .formatted(asked.user(), end);
    return new GenerationRequest(
        new Conversation(asked.system(), user),
        Written.NOTHING,
        assignment.sampling(),
        assignment.seed(),
        room,
        assignment.deadline(),
        assignment.affinity());
  }

  /// The part of a piece that belongs to the conclusion, which is none while the model thinks about
  /// it again.
  String accept(String piece) {
    return answer.accept(piece).conclusion();
  }

  /// What is left of the conclusion at the end: all of it, if the model has answered at once.
  String end(StopReason reason) {
    String rest = answer.finish().conclusion();
    boolean atOnce = !answer.thinkingClosed() && reason == StopReason.END_OF_TURN;
    return atOnce ? answer.thinking() : rest;
  }
}
