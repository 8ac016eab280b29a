package dev.ponder.job.web;

import dev.ponder.job.JobProblem;
import java.util.UUID;
import java.util.regex.Pattern;

/// Job ids as they stand in a path.
public final class JobIds {

  private static final Pattern ID =
      Pattern.compile(
          "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

  private JobIds() {}

  /// @throws JobProblem.UnknownJob also for what can be no id: no job has it
  public static UUID parsed(String id) {
    // UUID.fromString alone would take "1-1-1-1-1" too.
    if (!ID.matcher(id).matches()) {
      throw new JobProblem.UnknownJob(id.length() <= 50 ? id : id.substring(0, 50) + "…");
    }
    return UUID.fromString(id);
  }
}
