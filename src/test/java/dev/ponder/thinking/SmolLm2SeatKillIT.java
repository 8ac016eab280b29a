package dev.ponder.thinking;

import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.llamaserver.NeedsSmolLm2;
import dev.ponder.engine.llamaserver.SupervisedEngine;
import org.junit.jupiter.api.Tag;

@NeedsSmolLm2
@Tag("slow")
class SmolLm2SeatKillIT extends SmolLm2Kill {

  @Override
  SupervisedEngine engine() {
    var file = NeedsSmolLm2.Condition.file();
    return new JllamaEngine(
        new JllamaModel("smollm2", file, CONTEXT, 3, 1, 20), SeatSettings.defaults());
  }

  @Override
  String takesUpFrom() {
    return "text";
  }
}
