package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScriptedEngineTests {

  /// The engine with all it can do.
  @Nested
  class Capable extends EngineContract {

    @Override
    protected Engine engine() {
      return new ScriptedEngine("scripted");
    }

    @Override
    protected Engine slowEngine() {
      return new ScriptedEngine("scripted").takes(Duration.ofMillis(50));
    }

    @Override
    protected Engine engineToClose() {
      return slowEngine();
    }
  }

  /// The engine that claims next to nothing has to refuse the rest.
  @Nested
  class Incapable extends EngineContract {

    private ScriptedEngine poor() {
      return new ScriptedEngine("poor").can(Capabilities.of(1, 512, Capability.CANCELLATION));
    }

    @Override
    protected Engine engine() {
      return poor();
    }

    @Override
    protected Engine slowEngine() {
      return poor().takes(Duration.ofMillis(50));
    }

    @Override
    protected Engine engineToClose() {
      return slowEngine();
    }
  }

  @Test
  void remembersWhatItWasAskedAndCountsWhatItWrote() {
    ScriptedEngine engine = new ScriptedEngine("scripted").writes(request -> "abc def</think>ghi");
    Requests ask = Requests.asking("Why?");

    Turn.read(engine.open(ask.greedy(2)));
    Turn.read(engine.open(ask.greedy(2).continuing(Written.text("abc def"), 9)));

    assertThat(engine.requests()).hasSize(2);
    assertThat(engine.tokensDecoded("test/0")).isEqualTo(4);
    assertThat(engine.tokensDecoded("unknown")).isZero();
  }

  @Test
  void crashesInTheRequestItIsToldTo() {
    ScriptedEngine engine = new ScriptedEngine("scripted").crashesIn(2, 3);
    Requests ask = Requests.asking("Why?");
    Turn.read(engine.open(ask.greedy(5)));
    TokenStream second = engine.open(ask.greedy(5));

    for (int i = 0; i < 3; i++) {
      assertThat(second.next()).isNotNull();
    }

    assertThatThrownBy(second::next)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("3 tokens");
    assertThat(Turn.read(engine.open(ask.greedy(5))).tokens()).isEqualTo(5);
  }

  @Test
  void hangsUntilItsStreamIsClosed() {
    TokenStream stream =
        new ScriptedEngine("scripted").hangsIn(1).open(Requests.asking("Why?").greedy(5));
    var reader = Together.start(() -> Turn.read(stream));

    stream.close();

    assertThat(Together.join(reader).completion().reason()).isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void isUnavailableAsOftenAsItIsToldTo() {
    ScriptedEngine engine = new ScriptedEngine("scripted").isUnavailableFor(1);
    GenerationRequest request = Requests.asking("Why?").greedy(5);

    assertThatThrownBy(() -> engine.open(request)).isInstanceOf(EngineException.Unavailable.class);

    assertThat(Turn.read(engine.open(request)).tokens()).isEqualTo(5);
    assertThat(engine.opens()).isEqualTo(2);
  }

  @Test
  void goesOnWithTheConclusionOfItsScriptAfterAForcedClose() {
    ScriptedEngine engine =
        new ScriptedEngine("scripted").writes(request -> "a long thought</think>\n\nAnswer: 13");
    GenerationRequest request = Requests.asking("Why?").greedy(99);

    Turn turn =
        Turn.read(engine.open(request.continuing(Written.text("a lo\nEnough.</think>\n\n"), 99)));

    assertThat(turn.text()).isEqualTo("Answer: 13");
  }
}
