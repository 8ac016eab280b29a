package dev.ponder.journal.archive;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// In which of its two forms a thought is shown.
public enum ThoughtForm {
  /// As the model wrote it.
  ORIGINAL,
  /// The key insights that stand for its reasoning.
  COMPRESSED;

  /// The name over HTTP: `original`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ThoughtForm> of(String key) {
    return Arrays.stream(values()).filter(form -> form.key().equals(key)).findFirst();
  }

  public static List<String> keys() {
    return Arrays.stream(values()).map(ThoughtForm::key).toList();
  }
}
