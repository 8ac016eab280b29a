package dev.ponder.engine.jllama;

import dev.ponder.engine.Engine;
import dev.ponder.engine.SmolLm2Contract;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.llamaserver.NeedsSmolLm2;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/// SmolLM2-135M in a seat.
@NeedsSmolLm2
@Timeout(180)
@Tag("slow")
class SmolLm2SeatIT extends SmolLm2Contract {
  private static JllamaEngine fast;
  private static JllamaEngine slow;

  private static JllamaEngine engine(double pace) {
    var model = new JllamaModel("smollm2", NeedsSmolLm2.Condition.file(), CONTEXT, 3, 1, pace);
    return new JllamaEngine(model, SeatSettings.defaults());
  }

  @BeforeAll
  static void begin() {
    fast = engine(0);
    slow = engine(20);
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
    return engine(20);
  }
}
