package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The part of the contract that is about what an engine keeps of a thought beyond the end of its
/// process.
abstract class SnapshotContract {

  private static final int PART = 30;

  /// An engine ready to be asked. Called once by each check.
  protected abstract Engine engine();

  /// A question that the engine has an answer to, longer than 30 tokens.
  protected abstract Conversation conversation();

  /// Ends the process that the engine asks, as a crash would, and sees to it that the next request
  /// finds another.
  ///
  /// @return whether that can be done
  protected boolean restart() {
    return false;
  }

  private final Requests ask = new Requests(this::conversation);

  @Test
  void aThoughtGoesOnFromWhatWasKeptOfItAfterARestart() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.KV_SNAPSHOT));
    Turn whole = Turn.read(engine.open(ask.greedy(512)));
    Written start = beginning(engine);

    assertThat(restart()).isTrue();
    Turn rest = Turn.read(engine.open(ask.greedy(512).continuing(start, 512)));
    engine.forget("test");

    assertThat(start.text() + rest.text()).isEqualTo(whole.text());
    assertThat(rest.completion().usage().cached()).isGreaterThanOrEqualTo(whole.promptTokens());
  }

  @Test
  void whatIsForgottenIsNotKept() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.KV_SNAPSHOT));
    Written start = beginning(engine);

    engine.forget("test/0");
    assertThat(restart()).isTrue();
    Turn rest = Turn.read(engine.open(ask.greedy(9).continuing(start, 9)));

    assertThat(rest.completion().usage().cached()).isZero();
  }

  @Test
  void keepsNothingBeyondARestartWhereItDoesNotClaimTo() {
    Engine engine = engine();
    assumeFalse(engine.capabilities().offer(Capability.KV_SNAPSHOT));
    assumeTrue(engine.capabilities().offer(Capability.CONTINUATION));
    Written start = beginning(engine);

    assumeTrue(restart());
    Turn rest = Turn.read(engine.open(ask.greedy(9).continuing(start, 9)));

    assertThat(rest.completion().usage().cached()).isZero();
  }

  @Test
  void forgettingWhatItNeverKnewDisturbsNothing() {
    Engine engine = engine();

    engine.forget("somebody/7");

    assertThat(Turn.read(engine.open(ask.greedy(5))).tokens()).isEqualTo(5);
  }

  /// Reads a part of the answer and ends the stream.
  private Written beginning(Engine engine) {
    List<Piece> pieces = new ArrayList<>();
    try (TokenStream stream = engine.open(ask.greedy(512))) {
      while (pieces.stream().mapToInt(Piece::tokens).sum() < PART) {
        Piece piece = stream.next();
        assertThat(piece).as("the answer is longer than this").isNotNull();
        pieces.add(piece);
      }
    }
    return new Written(
        pieces.stream().map(Piece::text).collect(Collectors.joining()),
        pieces.stream().flatMapToInt(piece -> Arrays.stream(piece.ids())).toArray());
  }
}
