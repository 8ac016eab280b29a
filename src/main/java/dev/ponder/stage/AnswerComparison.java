package dev.ponder.stage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a pipeline has answers compared: when two of them are the same.
public enum AnswerComparison {
  /// The same characters, but for blanks.
  EXACT,
  /// The same by rules, in whatever notation.
  NOTATION,
  /// By rules, and what they cannot settle by the job's model.
  JUDGED;

  /// The name in a pipeline file.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<AnswerComparison> of(String key) {
    return Arrays.stream(values()).filter(way -> way.key().equals(key)).findFirst();
  }
}
