package dev.ponder.journal.archive;

import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;

/// A finished thought without its reasoning, which can be long: what a client that polls has to
/// know.
///
/// @param tokensPerSecond while it was decoded; 0 if it was too short to say
public record ThoughtSummary(
    ThoughtKey key, int tokens, String conclusion, boolean forcedClose, double tokensPerSecond) {

  /// From what a row has of it.
  public ThoughtSummary(
      String stage,
      int visit,
      int branch,
      int tokens,
      String conclusion,
      Thought.ClosedBy closedBy,
      long decodeMillis) {
    this(
        new ThoughtKey(Stage.of(stage).orElseThrow(), visit, branch),
        tokens,
        conclusion.strip(),
        closedBy.forced(),
        decodeMillis == 0 ? 0 : tokens * 1000.0 / decodeMillis);
  }
}
