package dev.ponder.thinking;

import dev.ponder.engine.EngineException;
import dev.ponder.memory.Thought;
import java.util.List;

/// How a stage ended: exactly one of these happened.
sealed interface StageOutcome {

  /// Its thoughts are finished.
  record Advanced(List<Thought> thoughts) implements StageOutcome {}

  /// The job has to explore once more.
  record SentBack(List<Thought> thoughts, String because) implements StageOutcome {}

  /// There is no time for it.
  record Hurried(String because) implements StageOutcome {}

  /// The engine is away, and so are those that could take over. What was written is durable.
  record Away(EngineException.Unavailable why) implements StageOutcome {}

  /// The engine cannot go on before somebody has mended something.
  record Stuck(EngineException.Unusable why) implements StageOutcome {}

  /// The request can never work.
  record Impossible(String because) implements StageOutcome {}
}
