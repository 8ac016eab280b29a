package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Engine;
import dev.ponder.engine.SmolLm2Contract;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/// SmolLM2-135M on a real llama-server that Ponder runs.
@NeedsLlamaServer
@NeedsSmolLm2
@Timeout(180)
@Tag("slow")
class SmolLm2ServerIT extends SmolLm2Contract {
  private static ManagedLlamaServer fast;
  private static ManagedLlamaServer slow;

  private static ManagedLlamaServer engine(int sequences, String... options) {
    return new ManagedLlamaServer(
        new ManagedModel(
            "smollm2", NeedsSmolLm2.Condition.file(), CONTEXT, sequences, 1, List.of(options)),
        ManagedServerSettings.defaults().withExecutable(LocalServer.SCRIPT.toString()),
        LlamaServerSettings.defaults(),
        InstantSource.system());
  }

  @BeforeAll
  static void begin() {
    fast = engine(4);
    slow = engine(2, "--duty", "50");
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
  protected Engine slowEngine() {
    return slow;
  }

  @Override
  protected Engine engineToClose() {
    return engine(2, "--duty", "50");
  }
}
