package dev.ponder.thinking;

import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import dev.ponder.engine.llamaserver.NeedsSmolLm2;
import dev.ponder.engine.llamaserver.SupervisedEngine;
import org.junit.jupiter.api.Tag;

@NeedsLlamaServer
@NeedsSmolLm2
@Tag("slow")
class SmolLm2ServerKillIT extends SmolLm2Kill {

  @Override
  SupervisedEngine engine() {
    return ManagedServerKillIT.server("smollm2", NeedsSmolLm2.Condition.file(), CONTEXT, 3, "50");
  }

  @Override
  String takesUpFrom() {
    return "ids";
  }
}
