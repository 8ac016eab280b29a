package dev.ponder.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Where a job stands, as its client sees it.
public enum JobStatus {
  QUEUED,
  RUNNING,
  PAUSED,
  COMPLETED,
  FAILED,
  CANCELLED;

  /// The name over HTTP: `queued`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether nothing more happens to a job in this status.
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  public static Optional<JobStatus> of(String key) {
    return Arrays.stream(values()).filter(status -> status.key().equals(key)).findFirst();
  }
}
