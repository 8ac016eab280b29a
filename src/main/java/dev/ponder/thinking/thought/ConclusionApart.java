package dev.ponder.thinking.thought;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.Written;
import dev.ponder.engine.text.ThinkParser;
import java.util.function.BinaryOperator;

/// Asks for the conclusion of a thought in a request of its own. A model that cannot go on behind a
/// thought that was closed for it is given it to read.
final class ConclusionApart {

  /// Characters of a token at least, so that what is shown of the thought fits.
  private static final int CHARACTERS = 2;

  private final Assignment assignment;
  private final String shown;
  private final BinaryOperator<String> prompt;
  private final ThinkParser answer = new ThinkParser();

  private ConclusionApart(Assignment assignment, String shown, BinaryOperator<String> prompt) {
    this.assignment = assignment;
    this.shown = shown;
    this.prompt = prompt;
  }

  /// Asks for all of the conclusion.
  ///
  /// @param thinking the thought, as far as it came
  static ConclusionApart of(Assignment assignment, String thinking) {
    return new ConclusionApart(assignment, thinking, assignment.pipeline().asks()::conclusion);
  }

  /// Asks for the one line that a conclusion lacks.
  ///
  /// @param label what the line begins with
  static ConclusionApart ofLine(Assignment assignment, String conclusion, String label) {
    return new ConclusionApart(
        assignment,
        conclusion,
        (asked, written) -> assignment.pipeline().asks().missingLine(asked, written, label));
  }

  /// @param room tokens for the conclusion
  /// @param context tokens that a sequence holds
  GenerationRequest request(int room, int context) {
    Conversation asked = assignment.prompt().conversation();
    // The end of a thought says more about its conclusion than the beginning.
    int fitting = Math.max(0, (context - room) * CHARACTERS - asked.user().length());
    int from = Math.max(0, shown.length() - fitting);
    boolean half =
        from > 0 && from < shown.length() && Character.isLowSurrogate(shown.charAt(from));
    String end = shown.substring(half ? from + 1 : from).strip();
    String user = prompt.apply(asked.user(), end);
    return assignment.request(new Conversation(asked.system(), user), Written.NOTHING, room);
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
