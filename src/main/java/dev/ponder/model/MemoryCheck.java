package dev.ponder.model;

import dev.ponder.engine.EngineException;
import dev.ponder.model.profile.Profile;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Refuses a model before it is loaded if it cannot fit: a process that the system ends for its
/// memory says nothing.
@Component
final class MemoryCheck {

  private final LoadSettings settings;
  private final LongSupplier available;

  @Autowired
  MemoryCheck(LoadSettings settings) {
    this(settings, MachineMemory.ofThisMachine()::available);
  }

  MemoryCheck(LoadSettings settings, LongSupplier available) {
    this.settings = settings;
    this.available = available;
  }

  /// @param profile whose figures are limits too, or null
  /// @throws EngineException.Unusable with what it needs, what there is, and what to do
  void check(String model, MemoryEstimate estimate, @Nullable Profile profile) {
    if (profile != null) {
      profile
          .kvBytesMax()
          .ifPresent(
              most -> {
                if (estimate.kvCache() > most) {
                  throw refusal(
                      model,
                      estimate,
                      "its profile allows %s for the KV cache"
                          .formatted(MemoryEstimate.gigabytes(most)),
                      most + estimate.weights() + estimate.workSpace());
                }
              });
      profile
          .memoryBytes()
          .ifPresent(
              aside ->
                  require(model, estimate, "its profile sets %s aside (memoryGigabytes)", aside));
    }
    if (settings.checkMemory()) {
      DataSize limit = settings.memoryLimit();
      if (limit == null) {
        require(model, estimate, "this machine has %s available", available.getAsLong());
      } else {
        require(model, estimate, "a model may need %s (ponder.load.memory-limit)", limit.toBytes());
      }
    }
  }

  private static void require(String model, MemoryEstimate estimate, String what, long bytes) {
    if (estimate.total() > bytes) {
      String limit = what.formatted(MemoryEstimate.gigabytes(bytes));
      throw refusal(model, estimate, limit, bytes);
    }
  }

  private static EngineException.Unusable refusal(
      String model, MemoryEstimate estimate, String limit, long bytes) {
    long fits = estimate.tokensWithin(bytes);
    String way =
        fits >= 1024
            ? "A context of %,d tokens would fit; so may kvCompression or a smaller quantization."
                .formatted(fits / 256 * 256)
            : "Take a smaller quantization or a smaller model.";
    return new EngineException.Unusable(
        "Model %s is not loaded: it needs %s, and %s. %s"
            .formatted(model, estimate.words(), limit, way),
        null);
  }
}
