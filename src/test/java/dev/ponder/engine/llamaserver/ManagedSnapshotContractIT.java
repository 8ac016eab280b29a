package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract of all engines, kept by a llama-server of Ponder's own whose thoughts are saved as
/// they grow.
@NeedsLlamaServer
@Timeout(120)
class ManagedSnapshotContractIT extends EngineContract {
  private static ManagedLlamaServer fast;
  private static ManagedLlamaServer slow;
  private static SnapshotStore store;

  private static ManagedLlamaServer engine(int sequences, String... options) {
    return new ManagedLlamaServer(
        new ManagedModel("mini", LocalServer.MINI, 2048, sequences, 1, List.of(options)),
        ManagedServerSettings.defaults().withExecutable(LocalServer.SCRIPT.toString()),
        LlamaServerSettings.defaults(),
        store,
        InstantSource.system());
  }

  @BeforeAll
  static void begin(@TempDir Path folder) {
    store =
        new SnapshotStore(
            Kept.settings(true, null, 64), folder.resolve("kept"), InstantSource.system());
    fast = engine(4);
    slow = engine(2, "--duty", "6");
  }

  @AfterAll
  static void end() {
    fast.close();
    slow.close();
  }

  @Override
  protected Engine engine() {
    return fast;
  }

  @Override
  protected boolean restart() {
    ProcessHandle.of(fast.processId().orElseThrow()).orElseThrow().destroyForcibly();
    return true;
  }

  @Override
  protected Engine slowEngine() {
    return slow;
  }

  @Override
  protected Engine engineToClose() {
    return engine(2, "--duty", "6");
  }
}
