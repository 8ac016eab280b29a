package dev.ponder.stage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The five stages of a job, in their order.
public enum Stage {
  INITIAL_ANALYSIS,
  DEEP_EXPLORATION,
  SYNTHESIS,
  VERIFICATION,
  FINAL_OUTPUT;

  private final String key = name().toLowerCase(Locale.ROOT);

  /// The name in files, in the database and over HTTP: `deep_exploration`.
  public String key() {
    return key;
  }

  public static Optional<Stage> of(String key) {
    return Arrays.stream(values()).filter(stage -> stage.key.equals(key)).findFirst();
  }
}
