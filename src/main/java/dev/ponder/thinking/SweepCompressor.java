package dev.ponder.thinking;

import dev.ponder.memory.Compressor;
import dev.ponder.model.Models;

/// Compresses with models that somebody has a say in.
interface SweepCompressor {

  /// A compressor that asks these models.
  Compressor with(Models models);
}
