package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract of all engines, kept by an attached llama-server whose thoughts are saved as they
/// grow: every stream of it consists of several requests.
@NeedsLlamaServer
@Timeout(120)
class LlamaServerSnapshotContractIT extends EngineContract {
  private static LocalServer server;
  private static LocalServer slowServer;
  private static SnapshotStore store;
  private static LlamaServerEngine fast;
  private static LlamaServerEngine slow;

  @BeforeAll
  static void begin(@TempDir Path folder) throws IOException {
    Path slots = Files.createDirectory(folder.resolve("slots"));
    server = LocalServer.with(4, "--slot-save-path", slots.toString());
    slowServer = LocalServer.with(2, "--duty", "6", "--slot-save-path", slots.toString());
    store = Kept.store(folder.resolve("kept"), slots);
    fast = server.engine(store);
    slow = slowServer.engine(store);
  }

  @AfterAll
  static void end() {
    fast.close();
    slow.close();
    server.close();
    slowServer.close();
  }

  @Override
  protected Engine engine() {
    return fast;
  }

  @Override
  protected boolean restart() {
    server.kill();
    server.start();
    return true;
  }

  @Override
  protected Engine slowEngine() {
    return slow;
  }

  @Override
  protected Engine engineToClose() {
    return slowServer.engine(store);
  }
}
