package dev.ponder.engine.jllama;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

class JllamaContractTests extends EngineContract {
  private static final JllamaEngine FAST = Mini.engine();
  private static final JllamaEngine SLOW =
      new JllamaEngine(Mini.paced(40), SeatSettings.defaults());

  private @Nullable Engine toClose;

  @AfterAll
  static void end() {
    FAST.close();
    SLOW.close();
  }

  @AfterEach
  void endOwn() {
    if (toClose != null) {
      toClose.close();
    }
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
    toClose = new JllamaEngine(Mini.paced(40), SeatSettings.defaults());
    return toClose;
  }
}
