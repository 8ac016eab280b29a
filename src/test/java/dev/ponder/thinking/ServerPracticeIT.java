package dev.ponder.thinking;

import dev.ponder.engine.Engine;
import dev.ponder.engine.llamaserver.LlamaServerSettings;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.ManagedLlamaServer;
import dev.ponder.engine.llamaserver.ManagedModel;
import dev.ponder.engine.llamaserver.ManagedServerSettings;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;

/// On a llama-server that Ponder runs. Branches that are decoded together may differ in the last
/// bit of a number, so the words are not always the same again.
@NeedsLlamaServer
@Tag("slow")
class ServerPracticeIT extends Practice {

  @Override
  Engine engine(Path data) {
    return new ManagedLlamaServer(
        new ManagedModel("mini", MODEL, 2048, 6, 1, List.of()),
        ManagedServerSettings.defaults().withExecutable(LocalServer.SCRIPT.toString()),
        LlamaServerSettings.defaults(),
        InstantSource.system());
  }

  @Override
  boolean isReproducible() {
    return false;
  }
}
