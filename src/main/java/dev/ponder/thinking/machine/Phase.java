package dev.ponder.thinking.machine;

import dev.ponder.stage.Stage;
import java.util.Optional;

/// Where a job is in its life: before, in and after the five stages.
public enum Phase {
  QUEUED(null),
  INITIAL_ANALYSIS(Stage.INITIAL_ANALYSIS),
  DEEP_EXPLORATION(Stage.DEEP_EXPLORATION),
  SYNTHESIS(Stage.SYNTHESIS),
  VERIFICATION(Stage.VERIFICATION),
  FINAL_OUTPUT(Stage.FINAL_OUTPUT),
  PAUSED(null),
  COMPLETED(null),
  FAILED(null),
  CANCELLED(null);

  private final Optional<Stage> stage;

  @SuppressWarnings("NullAway")
  Phase(Stage stage) {
    this.stage = Optional.ofNullable(stage);
  }

  /// The stage the job thinks in, if it does.
  public Optional<Stage> stage() {
    return stage;
  }

  /// Whether nothing follows.
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  static Phase of(Stage stage) {
    return valueOf(stage.name());
  }
}
