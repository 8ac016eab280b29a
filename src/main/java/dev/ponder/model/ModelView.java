package dev.ponder.model;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.EngineHealth;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A model as the API shows it.
@Schema(name = "Model", description = "A model that jobs can ask for.")
record ModelView(
    @Schema(description = "What a job names in `model`.", example = "mini") String name,
    @Schema(
            description = "What runs it.",
            allowableValues = {"jllama", "llama-server"})
        String engine,
    @Schema(description = "The pipeline of jobs that name none.", example = "mini") String pipeline,
    @Schema(
            description =
                "`idle`: starts with the first request. `down`: cannot serve now, the next request tries again. `unusable`: its configuration or file has to be mended.",
            allowableValues = {"idle", "starting", "ready", "down", "unusable"})
        String state,
    @Schema(
            description = "The state in a sentence.",
            example = "Model mini starts with the first request.")
        String detail,
    @Schema(description = "How often its process was started again.") int restarts,
    @Schema(
            description = "Tokens that one sequence holds, if known.",
            types = {"integer", "null"})
        @Nullable Integer context,
    @Schema(
            description = "Generations at the same time, if known.",
            types = {"integer", "null"})
        @Nullable Integer sequences,
    @Schema(
            description = "Its file; `embedded:` is the model that ships with Ponder.",
            types = {"string", "null"})
        @Nullable String file,
    @Schema(description = "Whether jobs that name no model get this one.") boolean isDefault,
    @Nullable CapabilitiesView capabilities) {

  static ModelView of(ServedModel model, boolean isDefault) {
    ModelProfile profile = model.profile();
    EngineHealth health = model.health();
    Capabilities can = model.capabilities();
    boolean ours = profile.file() != null;
    return new ModelView(
        model.name(),
        model.kind(),
        profile.pipeline(),
        health.state().name().toLowerCase(Locale.ROOT),
        health.detail(),
        health.restarts(),
        can != null ? (Integer) can.contextTokens() : profile.context(),
        can != null ? (Integer) can.sequences() : ours ? (Integer) profile.sequences() : null,
        profile.file(),
        isDefault,
        can == null ? null : CapabilitiesView.of(can));
  }

  /// What an engine can do.
  @Schema(
      name = "Capabilities",
      description = "What its engine can do; null until it has run.",
      types = {"object", "null"})
  record CapabilitiesView(
      boolean continuation,
      boolean tokenIds,
      boolean exactCounts,
      boolean sharedPrefix,
      boolean prefixCache,
      boolean cancellation,
      boolean reproducible,
      boolean kvSnapshot) {

    private static CapabilitiesView of(Capabilities can) {
      return new CapabilitiesView(
          can.continuation(),
          can.tokenIds(),
          can.exactCounts(),
          can.sharedPrefix(),
          can.prefixCache(),
          can.cancellation(),
          can.reproducible(),
          can.kvSnapshot());
    }
  }
}
