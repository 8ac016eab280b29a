package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract of all engines, kept by a real llama-server behind our client.
@NeedsLlamaServer
@Timeout(120)
class LlamaServerContractIT extends EngineContract {
  private static LocalServer server;
  private static LocalServer slowServer;
  private static LlamaServerEngine fast;
  private static LlamaServerEngine slow;

  @BeforeAll
  static void begin(@TempDir Path slots) {
    server = LocalServer.with(4, "--slot-save-path", slots.toString());
    slowServer = LocalServer.slow(2, 6);
    fast = server.engine();
    slow = slowServer.engine();
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
    return slowServer.engine();
  }
}
