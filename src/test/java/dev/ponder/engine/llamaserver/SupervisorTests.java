package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SupervisorTests {

  /// Somebody else holds all its connections: whoever connects is never answered.
  @Test
  void aProcessThatLivesAndLetsNobodyInIsNotWell() throws IOException {
    try (ServerSocket held = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      LlamaServerEngine client =
          new LlamaServerEngine(
              ServerConnection.to(
                  "big", URI.create("http://127.0.0.1:" + held.getLocalPort()), null),
              LlamaServerSettings.defaults(),
              InstantSource.system());
      Supervisor supervisor =
          new Supervisor(
              "big",
              "llama-server",
              (key, started) -> new Supervisor.Running(new Living(), client));
      supervisor.running(Duration.ofSeconds(5));

      assertThat(supervisor.health().state()).isEqualTo(State.DOWN);
      assertThat(supervisor.health().detail()).contains("did not answer");
      supervisor.close();
    }
  }

  private static final class Living implements ServerProcess {
    @Override
    public boolean alive() {
      return true;
    }

    @Override
    public boolean endsWithin(Duration limit) {
      return false;
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public Duration age() {
      return Duration.ZERO;
    }

    @Override
    public String fate() {
      return "";
    }

    @Override
    public void kill(String because) {}

    @Override
    public void end() {}
  }
}
