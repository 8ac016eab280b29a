package dev.ponder.job;

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

  public Submission {
    metadata = Map.copyOf(metadata);
  }

  public static Submission of(String prompt) {
    return new Submission(prompt, null, null, null, null, Map.of());
  }
}
