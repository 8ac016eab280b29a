package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

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

/// The contract with the least that a server can do: the same real one, which is said not to go on
/// with a text. What is not claimed has to be refused.
@NeedsLlamaServer
@Timeout(120)
class NoContinuationContractIT extends EngineContract {
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

  private static OpenAiEngine engine(URI url) {
    OpenAiModel model = new OpenAiModel("mini", "mini", url, null, Continuation.NONE, 2, 2_048);
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
  void claimsNothingButCancellation() {
    var can = fast.capabilities();

    assertThat(
            can.offer(Capability.CONTINUATION)
                || can.offer(Capability.TOKEN_IDS)
                || can.offer(Capability.EXACT_COUNTS))
        .isFalse();
    assertThat(
            can.offer(Capability.SHARED_PREFIX)
                || can.offer(Capability.KV_SNAPSHOT)
                || can.offer(Capability.REPRODUCIBLE))
        .isFalse();
    assertThat(can.offer(Capability.CANCELLATION)).isTrue();
  }
}
