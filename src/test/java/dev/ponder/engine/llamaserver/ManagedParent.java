package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineHealth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// A process that runs a llama-server and is killed by a test.
final class ManagedParent {
  private ManagedParent() {}

  public static void main(String[] args) throws IOException {
    ManagedLlamaServer engine =
        new ManagedLlamaServer(
            new ManagedModel("mini", LocalServer.MINI, 2048, 2, 1, List.of()),
            ManagedServerSettings.defaults()
                .withExecutable(LocalServer.SCRIPT.toString())
                .withFolder(Path.of(args[0])),
            LlamaServerSettings.defaults(),
            InstantSource.system());
    engine.capabilities();
    if (engine.health().state() == EngineHealth.State.READY) {
      System.out.println("server=" + engine.processId().orElseThrow());
    }
    System.in.read();
  }
}
