package dev.ponder.engine.jllama;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineContract;
import org.junit.jupiter.api.AfterAll;

class JllamaContractTests extends EngineContract {
  private static final JllamaEngine FAST = Mini.engine();
  private static final JllamaEngine SLOW =
      new JllamaEngine(Mini.paced(40), SeatSettings.defaults());

  @AfterAll
  static void end() {
    FAST.close();
    SLOW.close();
  }

  @Override
  protected Engine engine() {
    return FAST;
  }

  @Override
  protected boolean restart() {
    ProcessHandle.of(FAST.processId().orElseThrow()).orElseThrow().destroyForcibly();
    return true;
  }

  @Override
  protected Engine slowEngine() {
    return SLOW;
  }

  @Override
  protected Engine engineToClose() {
    return new JllamaEngine(Mini.paced(40), SeatSettings.defaults());
  }
}
