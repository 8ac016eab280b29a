package dev.ponder.thinking;

import dev.ponder.engine.llamaserver.LlamaServerSettings;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.ManagedLlamaServer;
import dev.ponder.engine.llamaserver.ManagedModel;
import dev.ponder.engine.llamaserver.ManagedServerSettings;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import dev.ponder.engine.llamaserver.SupervisedEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;

/// The embedded model on a llama-server that Ponder runs.
@NeedsLlamaServer
@Tag("slow")
class ManagedServerKillIT extends EngineKill {

  @Override
  SupervisedEngine engine() {
    return server("mini", LocalServer.MINI, 2048, 6, "5");
  }

  static ManagedLlamaServer server(
      String name, Path file, int context, int sequences, String percentOfTime) {
    return new ManagedLlamaServer(
        new ManagedModel(name, file, context, sequences, 1, List.of("--duty", percentOfTime)),
        ManagedServerSettings.defaults().withExecutable(LocalServer.SCRIPT.toString()),
        LlamaServerSettings.defaults(),
        InstantSource.system());
  }

  @Override
  String takesUpFrom() {
    return "ids";
  }
}
