package dev.ponder.thinking;

import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.SupervisedEngine;

class SeatKillTests extends EngineKill {

  @Override
  SupervisedEngine engine() {
    var model = new JllamaModel("mini", LocalServer.MINI, 2048, 6, 1, 30);
    return new JllamaEngine(model, SeatSettings.defaults());
  }

  @Override
  String takesUpFrom() {
    return "text";
  }
}
