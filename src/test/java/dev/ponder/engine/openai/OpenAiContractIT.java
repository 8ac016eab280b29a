package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineContract;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.net.URI;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The contract of all engines, kept by the chat completions of a real llama-server behind our
/// client, which finds out by itself how that server goes on with a text.
@NeedsLlamaServer
@Timeout(120)
class OpenAiContractIT extends EngineContract {
  private static LocalServer server;
  private static LocalServer slowServer;
  private static OpenAiEngine fast;
  private static OpenAiEngine slow;

  @BeforeAll
  static void begin() {
    server = LocalServer.with(4);
    slowServer = LocalServer.slow(2, 6);
    fast = engine(server.url());
    slow = engine(slowServer.url());
  }

  static OpenAiEngine engine(URI url) {
    OpenAiModel model = new OpenAiModel("mini", "mini", url, null, Continuation.AUTO, null, null);
    return new OpenAiEngine(model, OpenAiSettings.defaults(), InstantSource.system());
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
  protected Engine slowEngine() {
    return slow;
  }

  @Override
  protected Engine engineToClose() {
    return engine(slowServer.url());
  }

  @Test
  void findsOutWhatTheServerCanDo() {
    Capabilities can = fast.capabilities();

    assertThat(can.offer(Capability.CONTINUATION)).isTrue();
    assertThat(
            can.offer(Capability.TOKEN_IDS)
                || can.offer(Capability.EXACT_COUNTS)
                || can.offer(Capability.KV_SNAPSHOT))
        .isFalse();
    assertThat(can.offer(Capability.PREFIX_CACHE)).isTrue();
    assertThat(can.contextTokens()).isEqualTo(LocalServer.CONTEXT);
  }
}
