package dev.ponder.model;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.Profile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A model as the API shows it.
@Schema(name = "Model", description = "A model that jobs can ask for.")
record ModelView(
    @Schema(description = "What a job names in `model`.", example = "mini") String name,
    @Schema(
            description = "What runs it.",
            allowableValues = {"jllama", "llama-server", "openai"})
        String engine,
    @Schema(description = "The pipeline of jobs that name none.", example = "mini") String pipeline,
    @Schema(
            description =
                "`not_pulled`: its file has to be got first (`ponder pull`). `pulling`: it is on its way. `idle`: starts with the first request. `down`: cannot serve now, the next request tries again. `unusable`: its configuration or file has to be mended.",
            allowableValues = {
              "not_pulled",
              "pulling",
              "idle",
              "starting",
              "ready",
              "down",
              "unusable"
            })
        String state,
    @Schema(
            description = "The state in a sentence.",
            example = "Model mini starts with the first request.")
        String detail,
    @Schema(description = "How often its process was started again.") int restarts,
    @Schema(
            description =
                "Whether requests get through to its engine: `open` leaves it alone for a while because it kept failing, `half_open` lets a few through to see whether it is well again. Null until it has an engine.",
            allowableValues = {"closed", "open", "half_open"},
            types = {"string", "null"})
        @Nullable String circuit,
    @Schema(
            description = "Models that take over, in this order, when its engine cannot be had.",
            example = "[\"qwen3-8b\"]")
        List<String> fallback,
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
    @Nullable CapabilitiesView capabilities,
    @Nullable ProfileView profile) {

  static ModelView of(ServedModel model, boolean isDefault) {
    ModelProfile profile = model.profile();
    EngineHealth health = model.recentHealth();
    Capabilities can = model.capabilities();
    ResilientEngine.Circuit circuit = model.circuit();
    boolean ours = profile.file() != null;
    Profile described = model.described();
    return new ModelView(
        model.name(),
        model.kind(),
        profile.usualPipeline(),
        model.state(),
        health.detail(),
        health.restarts(),
        circuit == null ? null : circuit.name().toLowerCase(Locale.ROOT),
        profile.fallbacks(),
        can != null ? (Integer) can.contextTokens() : profile.context(),
        can != null
            ? (Integer) can.sequences()
            : ours || described != null ? profile.sequences() : null,
        model.file(),
        isDefault,
        can == null ? null : CapabilitiesView.of(can),
        described == null ? null : ProfileView.of(described, model.memory()));
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
          can.offer(Capability.CONTINUATION),
          can.offer(Capability.TOKEN_IDS),
          can.offer(Capability.EXACT_COUNTS),
          can.offer(Capability.SHARED_PREFIX),
          can.offer(Capability.PREFIX_CACHE),
          can.offer(Capability.CANCELLATION),
          can.offer(Capability.REPRODUCIBLE),
          can.offer(Capability.KV_SNAPSHOT));
    }
  }
}
