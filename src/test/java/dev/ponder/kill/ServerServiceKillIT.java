package dev.ponder.kill;

import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/// On a llama-server that the service runs. It draws other random numbers than a seat does, so
/// this hard problem may come out otherwise.
@NeedsLlamaServer
@Timeout(300)
@Tag("slow")
class ServerServiceKillIT extends ServiceKill {

  /// Percent of the time that the server runs.
  private static final int SLOW = 5;

  private static final int FULL = 100;

  @Override
  String[] options() throws IOException {
    return LlamaServerKillIT.options(data, SLOW);
  }

  @Override
  void quicken(PackagedService service) throws IOException {
    LlamaServerKillIT.options(data, FULL);
  }

  @Override
  String answer() {
    return "";
  }
}
