package dev.ponder.memory;

import dev.ponder.stage.Pipeline;
import dev.ponder.time.Deadline;
import org.jspecify.annotations.Nullable;

/// Turns what was thought into key insights by a model, and checks that nothing was lost.
public interface Compressor {

  /// Compresses a text in the words of its pipeline. A text longer than the model's context goes
  /// piece by piece. Never fails: what goes wrong is an outcome. The same request gets the same
  /// answer, most often from a cache.
  ///
  /// Takes as long as a model needs; ends soon after its thread is interrupted, and by the
  /// deadline.
  Compression compress(Material material);

  /// What to compress.
  ///
  /// @param model whose engine does it
  /// @param pipeline whose `compression` section says how
  /// @param text the reasoning, or a part of it
  /// @param conclusion what the thought came to; null while it is not finished
  record Material(
      String model,
      Pipeline pipeline,
      String text,
      @Nullable String conclusion,
      Deadline deadline) {

    /// A finished thought.
    public static Material of(String model, Pipeline pipeline, Thought thought, Deadline deadline) {
      return new Material(model, pipeline, thought.reasoning(), thought.conclusion(), deadline);
    }
  }
}
