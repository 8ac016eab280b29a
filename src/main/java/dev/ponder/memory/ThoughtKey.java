package dev.ponder.memory;

import dev.ponder.stage.Stage;

/// Which thought of a job it is.
///
/// @param visit 1, or 2 after verification has sent the job back to exploration
/// @param branch from 1
public record ThoughtKey(Stage stage, int visit, int branch) {

  /// The id over HTTP: `deep_exploration.1.3`.
  public String id() {
    return stage.key() + "." + visit + "." + branch;
  }
}
