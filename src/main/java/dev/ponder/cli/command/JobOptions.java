package dev.ponder.cli.command;

import dev.ponder.cli.output.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// What can be asked of a job besides its prompt.
final class JobOptions {

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The model that thinks; see 'ponder models'.")
  private @Nullable String model;

  @Option(
      names = "--pipeline",
      paramLabel = "PIPELINE",
      description = "The five stages to use; see 'ponder pipelines'.")
  private @Nullable String pipeline;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      description = "Answer within so many seconds (at most 1800, which is the default).")
  private @Nullable Integer deadlineSeconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same thoughts, where the engine can.")
  private @Nullable Long seed;

  ObjectNode submission(String prompt) {
    ObjectNode submission = Json.object();
    submission.put("prompt", prompt);
    if (model != null) {
      submission.put("model", model);
    }
    if (pipeline != null) {
      submission.put("pipeline", pipeline);
    }
    if (deadlineSeconds != null) {
      submission.put("deadlineSeconds", deadlineSeconds);
    }
    if (seed != null) {
      submission.put("seed", seed);
    }
    return submission;
  }
}
