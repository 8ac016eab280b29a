package dev.ponder.model;

import dev.ponder.model.profile.Profile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What the profile of a model says, as the API shows it.
@Schema(
    name = "ModelProfile",
    description = "What its profile says; null for a model without one.",
    types = {"object", "null"})
record ProfileView(
    @Schema(description = "What it is, in a line.") String description,
    @Schema(description = "What it is for.", example = "throughput") String aim,
    @Schema(description = "Other names it answers to.") List<String> aliases,
    @Schema(
            description = "How its weights are stored.",
            example = "Q4_K_M",
            types = {"string", "null"})
        @Nullable String quantization,
    @Schema(
            description = "Tokens that all sequences hold together.",
            types = {"integer", "null"})
        @Nullable Integer context,
    @Schema(description = "What it promises, by name.") Map<String, Double> targets,
    @Schema(description = "Parameters its engine goes without, each with the reason.")
        Map<String, String> notCarried,
    @Schema(description = "Its modes; a job asks for one by its name.") List<ModeView> modes,
    @Nullable MemoryView memory) {

  static ProfileView of(Profile profile, @Nullable MemoryEstimate memory) {
    OptionalInt context = profile.whole("context");
    return new ProfileView(
        profile.description(),
        profile.aim(),
        profile.aliases(),
        profile.text("quantization"),
        context.isPresent() ? (Integer) context.getAsInt() : null,
        profile.targets(),
        profile.notCarried(),
        profile.modes().values().stream()
            .map(mode -> new ModeView(mode.name(), mode.description()))
            .toList(),
        memory == null ? null : MemoryView.of(profile, memory));
  }

  /// A mode of a model.
  @Schema(name = "ModelMode", description = "A mode of a model.")
  record ModeView(
      @Schema(description = "What a job names in `model`.", example = "qwen3-8b:qa") String name,
      @Schema(description = "What it is for.") String description) {}

  /// What a model takes of memory.
  @Schema(
      name = "ModelMemory",
      description = "Bytes it takes once it is loaded; null as long as its file is not here.",
      types = {"object", "null"})
  record MemoryView(
      @Schema(description = "Its file.") long weights,
      @Schema(description = "Keys and values of the whole context.") long kvCache,
      @Schema(description = "What computing a step takes.") long workSpace,
      @Schema(
              description = "Tokens that the KV cache may hold by the figures of the profile.",
              types = {"integer", "null"})
          @Nullable Long kvTokensMax) {

    private static MemoryView of(Profile profile, MemoryEstimate memory) {
      Long most =
          profile.kvBytesMax().isPresent() && memory.kvCache() > 0
              ? (Long) (profile.kvBytesMax().getAsLong() * memory.tokens() / memory.kvCache())
              : null;
      return new MemoryView(memory.weights(), memory.kvCache(), memory.workSpace(), most);
    }
  }
}
