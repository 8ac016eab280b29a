package dev.ponder.kill;

import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

/// On a llama-server that the service runs. It draws other random numbers than a seat does, so
/// this hard problem may come out otherwise.
@NeedsLlamaServer
@Timeout(300)
class ServerServiceKillIT extends ServiceKill {

  private static final int DUTY = 3;

  @Override
  String[] options() throws IOException {
    return LlamaServerKillIT.options(data, DUTY);
  }

  @Override
  String answer() {
    return "";
  }
}
