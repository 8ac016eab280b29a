package dev.ponder.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client asks for.
///
/// @param prompt what to think about
/// @param pipeline how to think; null for the one of the model
/// @param model who thinks; null for the default model
/// @param deadlineSeconds an answer is there after at most so many seconds; null for the longest
/// @param seed makes a run repeatable where the engine is; null for the default seed
/// @param metadata the client's own words about the job, kept and given back
public record Submission(
    String prompt,
    @Nullable String pipeline,
    @Nullable String model,
    @Nullable Long deadlineSeconds,
    @Nullable Long seed,
    Map<String, String> metadata) {

  /// Characters of a pipeline's name at most.
  public static final int PIPELINE_LONGEST = 100;

  /// Characters of a model's name at most.
  public static final int MODEL_LONGEST = 200;

  /// Names in the metadata at most.
  public static final int METADATA_NAMES = 1_000;

  /// Counts before it copies. An immutable map of the JDK would take the square of its entries to
  /// make where their names have one hash; this one does not, and keeps the client's order.
  public Submission {
    if (metadata.size() > METADATA_NAMES) {
      throw new JobProblem.InvalidSubmission(
          "metadata",
          "The metadata has %d names and the limit is %d. Keep large data elsewhere and send its name."
              .formatted(metadata.size(), METADATA_NAMES));
    }
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  public static Submission of(String prompt) {
    return new Submission(prompt, null, null, null, null, Map.of());
  }
}
