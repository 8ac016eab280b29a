package dev.ponder.job.web;

import dev.ponder.job.JobProblem.InvalidSubmission;
import dev.ponder.job.Submission;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A submission as it comes over HTTP. All fields may be missing here, so that a missing one gets
/// the same kind of explanation as a wrong one.
@Schema(name = "Submission", requiredProperties = "prompt")
record SubmissionRequest(
    @Schema(
            types = "string",
            minLength = 1,
            maxLength = 100_000,
            pattern = "\\S",
            description = "What to think about.")
        @Nullable String prompt,
    @Schema(
            minLength = 1,
            maxLength = Submission.PIPELINE_LONGEST,
            description = "How to think; without it, as the model's profile says.")
        @Nullable String pipeline,
    @Schema(
            minLength = 1,
            maxLength = Submission.MODEL_LONGEST,
            description = "Who thinks; without it, the default model.")
        @Nullable String model,
    @Schema(
            minimum = "1",
            maximum = "1800",
            description = "An answer is there after so many seconds; without it, the most allowed.")
        @Nullable Long deadlineSeconds,
    @Schema(description = "Makes a run repeatable where the engine is.") @Nullable Long seed,
    @Schema(
            maxProperties = Submission.METADATA_NAMES,
            description = "Your own words about the job, kept and given back.")
        @Nullable Map<String, @Nullable String> metadata) {

  Submission submission() {
    if (prompt == null) {
      throw new InvalidSubmission(
          "prompt", "The prompt is missing. Send what the model should think about.");
    }
    return new Submission(prompt, pipeline, model, deadlineSeconds, seed, kept());
  }

  private Map<String, String> kept() {
    if (metadata == null) {
      return Map.of();
    }
    metadata.forEach(
        (name, value) -> {
          if (value == null) {
            throw new InvalidSubmission(
                "metadata." + name,
                "metadata.%s is null and has to be a string. Leave it out instead."
                    .formatted(name));
          }
        });
    @SuppressWarnings("NullAway") // none of them is null, as was seen
    Map<String, String> complete = (Map<String, String>) (Map<?, ?>) metadata;
    return complete;
  }
}
