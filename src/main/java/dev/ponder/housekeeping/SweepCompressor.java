package dev.ponder.housekeeping;

import dev.ponder.memory.Compressor;
import dev.ponder.model.Models;

/// Compresses with models that somebody has a say in.
public interface SweepCompressor {

  /// A compressor that asks these models.
  Compressor with(Models models);
}
