package dev.ponder.engine.jllama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.StopReason;
import dev.ponder.engine.Written;
import dev.ponder.engine.jllama.Mini.Read;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class JllamaEngineTests {
  private static final JllamaEngine ENGINE = Mini.engine();

  @AfterAll
  static void end() {
    ENGINE.close();
  }

  @Test
  void streamsAThoughtToTheEndOfItsTurn() {
    Read read = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 500)));

    assertThat(read.text()).contains("</think>");
    assertThat(read.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
    assertThat(read.completion().usage().written()).isEqualTo(read.tokens());
  }

  @Test
  void continuesATextExactlyWhereItStopped() {
    Read whole = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 500)));
    Read start = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 20)));

    Read rest = Mini.readAll(ENGINE.open(Mini.apples(Written.text(start.text()), 500)));

    assertThat(start.text() + rest.text()).isEqualTo(whole.text());
  }
}
