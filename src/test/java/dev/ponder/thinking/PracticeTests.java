package dev.ponder.thinking;

import dev.ponder.engine.Engine;
import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import java.nio.file.Path;

/// In a seat.
class PracticeTests extends Practice {

  @Override
  Engine engine(Path data) {
    return new JllamaEngine(new JllamaModel("mini", MODEL, 2048, 6, 1, 0), SeatSettings.defaults());
  }

  @Override
  boolean isReproducible() {
    return true;
  }
}
