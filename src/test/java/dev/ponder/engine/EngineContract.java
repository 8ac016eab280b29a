package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.text.ThinkParser;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every engine keeps to, whatever it is made of: each check asks the engine what it can do,
/// and where it says no, a twin checks that it refuses. A subclass gives an engine; it may give the
/// same one to every check but the last two, which close theirs.
public abstract class EngineContract extends SharingContract {

  /// An engine whose answer to [#conversation] takes seconds, so that a check can come between.
  protected abstract Engine slowEngine();

  /// An engine that this check closes for good; slow as well.
  protected abstract Engine engineToClose();

  /// A question whose answer is longer than 20 tokens and ends by itself before 512.
  @Override
  protected Conversation conversation() {
    return new Conversation(
        "Stage: analysis. State the facts, the question and a plan.",
        "Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each. Ada pays with 60 coins. "
            + "How much change does Ada get?");
  }

  private final Requests ask = new Requests(this::conversation);

  @Test
  void piecesAddUpToTheUsage() {
    Engine engine = engine();

    Turn turn = Turn.read(engine.open(ask.greedy(512)));

    assertThat(turn.text()).isNotBlank();
    assertThat(turn.tokens()).isEqualTo(turn.completion().usage().written());
    assertThat(turn.completion().usage().prompt()).isPositive();
    assertThat(turn.completion().usage().cached()).isBetween(0, turn.completion().usage().prompt());
    assertThat(turn.completion().prefill().isNegative()).isFalse();
  }

  @Test
  void endsWhenTheModelEndsItsTurn() {
    Turn turn = Turn.read(engine().open(ask.greedy(512)));

    assertThat(turn.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
    assertThat(turn.tokens()).isLessThan(512);
    assertThat(turn.text()).doesNotContain("<|im_end|>");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 17})
  void stopsAtTheLimit(int limit) {
    Turn turn = Turn.read(engine().open(ask.greedy(limit)));

    assertThat(turn.completion().reason()).isEqualTo(StopReason.LIMIT);
    assertThat(turn.tokens()).isEqualTo(limit);
  }

  @Test
  void aStreamSaysHowItEndedOnlyAfterItsEnd() {
    try (TokenStream stream = engine().open(ask.greedy(5))) {
      assertThatThrownBy(stream::completion).isInstanceOf(IllegalStateException.class);

      Turn.read(stream);

      assertThat(stream.next()).isNull();
      assertThat(stream.completion().reason()).isEqualTo(StopReason.LIMIT);
      stream.close();
      assertThat(stream.completion().reason()).isEqualTo(StopReason.LIMIT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 19})
  void aContinuationWritesWhatTheUninterruptedRunWrites(int cut) {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.CONTINUATION));
    Turn whole = Turn.read(engine.open(ask.greedy(512)));
    Turn first = Turn.read(engine.open(ask.greedy(cut)));

    Turn rest = Turn.read(engine.open(ask.greedy(512).continuing(Written.text(first.text()), 512)));

    assertThat(first.text() + rest.text()).isEqualTo(whole.text());
    assertThat(rest.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
  }

  @Test
  void aContinuationFromTokenIdsWritesWhatTheUninterruptedRunWrites() {
    Engine engine = engine();
    assumeTrue(
        engine.capabilities().offer(Capability.CONTINUATION)
            && engine.capabilities().offer(Capability.TOKEN_IDS));
    Turn whole = Turn.read(engine.open(ask.greedy(512)));
    Turn first = Turn.read(engine.open(ask.greedy(11)));

    Written written = new Written(first.text(), first.ids());
    Turn rest = Turn.read(engine.open(ask.greedy(512).continuing(written, 512)));

    assertThat(first.text() + rest.text()).isEqualTo(whole.text());
    assertThat(first.idsWith(rest)).isEqualTo(whole.ids());
  }

  @Test
  void refusesAContinuationThatItDoesNotClaim() {
    Engine engine = engine();
    assumeFalse(engine.capabilities().offer(Capability.CONTINUATION));

    Throwable refusal =
        catchThrowable(
            () -> engine.open(ask.greedy(9).continuing(Written.text("I think"), 9)).close());

    assertThat(refusal).isInstanceOf(EngineException.Refused.class);
  }

  @Test
  void reportsTokenIdsExactlyWhenItClaimsThem() {
    Engine engine = engine();

    Turn turn = Turn.read(engine.open(ask.greedy(20)));

    int expected = engine.capabilities().offer(Capability.TOKEN_IDS) ? turn.tokens() : 0;
    assertThat(turn.ids()).hasSize(expected);
  }

  @Test
  void aThoughtClosedByForceGoesOnWithItsConclusion() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.CONTINUATION));
    Turn first = Turn.read(engine.open(ask.greedy(10)));
    String closing = first.text() + "\nThe budget is used up, I answer now.\n</think>\n\n";

    Turn rest = Turn.read(engine.open(ask.greedy(256).continuing(Written.text(closing), 256)));

    assertThat(rest.text()).isNotBlank().doesNotContain(ThinkParser.CLOSING);
    assertThat(rest.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
  }

  @Test
  void closingWakesTheReaderAndFreesTheSequence() {
    Engine engine = slowEngine();
    int sequences = engine.capabilities().sequences();
    for (int round = 0; round <= sequences; round++) {
      TokenStream stream = engine.open(ask.greedy(512));
      assertThat(stream.next()).isNotNull();
      var reader = Together.start(() -> Turn.read(stream));

      stream.close();

      Turn rest = Together.join(reader);
      assertThat(rest.completion().reason()).isEqualTo(StopReason.CANCELLED);
      assertThat(rest.tokens()).isLessThan(20);
    }
  }

  @Test
  void oneRequestMoreThanSequencesWaitsForItsTurn() {
    Engine engine = engine();
    int requests = engine.capabilities().sequences() + 1;
    List<Callable<Turn>> readers =
        Stream.generate(() -> (Callable<Turn>) () -> Turn.read(engine.open(ask.greedy(40))))
            .limit(requests)
            .toList();

    List<Turn> turns = Together.all(readers);

    assertThat(turns).hasSize(requests).allMatch(turn -> turn.tokens() > 0);
  }

  @Test
  void refusesAPromptLongerThanItsContextWithBothNumbersAndLivesOn() {
    Engine engine = engine();
    int context = engine.capabilities().contextTokens();

    Throwable refusal =
        catchThrowable(() -> engine.open(ask.saying("word ".repeat(context + 10), 5)).close());

    assertThat(refusal).isInstanceOf(EngineException.Refused.class);
    long[] numbers = Turn.numbersIn(String.valueOf(refusal.getMessage()));
    assertThat(numbers).contains(context);
    assertThat(Arrays.stream(numbers).max().orElseThrow()).isGreaterThan(context);
    assertThat(Turn.read(engine.open(ask.greedy(5))).tokens()).isEqualTo(5);
  }

  @Test
  void stopsWhenTheContextIsFull() {
    Engine engine = engine();
    assumeTrue(
        engine.capabilities().offer(Capability.CONTINUATION)
            && engine.capabilities().offer(Capability.EXACT_COUNTS));
    int context = engine.capabilities().contextTokens();
    int empty = Turn.read(engine.open(ask.saying("", 1))).promptTokens();
    int perTen = engine.countTokens(" word".repeat(20)) - engine.countTokens(" word".repeat(10));
    String almost = " word".repeat((context - empty - 20) * 10 / perTen);

    Turn turn = Turn.read(engine.open(ask.saying(almost, context)));

    assertThat(turn.completion().reason()).isIn(StopReason.CONTEXT_FULL, StopReason.END_OF_TURN);
    assertThat(turn.completion().usage().prompt() + turn.tokens()).isLessThanOrEqualTo(context);
  }

  @Test
  void controlTokensInTheTextOfAUserHaveNoPower() {
    Engine engine = engine();
    String token = "<|im_end|>";

    int ten = Turn.read(engine.open(ask.saying("Say " + token.repeat(10), 1))).promptTokens();
    int twenty = Turn.read(engine.open(ask.saying("Say " + token.repeat(20), 1))).promptTokens();

    // As a control token it would be one token each; as text it is several, taken out it is none.
    assertThat(twenty - ten).isNotEqualTo(10);
  }

  @Test
  void neverGivesHalfACharacter() {
    Engine engine = engine();
    for (int limit = 1; limit <= 30; limit++) {
      for (Piece piece : Turn.read(engine.open(ask.greedy(limit))).pieces()) {
        assertThat(piece.text()).doesNotContain("\uFFFD").matches(Turn::wholeCharacters);
      }
    }
  }

  @Test
  void countsTokensExactlyWhereItClaimsTo() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.EXACT_COUNTS));
    Turn turn = Turn.read(engine.open(ask.greedy(20)));

    int counted = engine.countTokens(turn.text());

    assertThat(engine.countTokens("")).isZero();
    // Text tokenized again is not always the same tokens: one may differ.
    assertThat(counted).isBetween(turn.tokens() - 1, turn.tokens() + 1);
  }

  @Test
  void estimatesTokensWhereItDoesNotCountThem() {
    Engine engine = engine();
    assumeFalse(engine.capabilities().offer(Capability.EXACT_COUNTS));

    assertThat(engine.countTokens("")).isNotNegative();
    assertThat(engine.countTokens("one two three four")).isPositive();
  }

  @Test
  void theSameSeedGivesTheSameTextWhereItClaimsSo() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.REPRODUCIBLE));

    Turn once = Turn.read(engine.open(ask.sampled(42, 60)));
    Turn again = Turn.read(engine.open(ask.sampled(42, 60)));

    assertThat(again.text()).isEqualTo(once.text());
  }

  @Test
  void itsHealthIsKnownBeforeAndAfterARequest() {
    Engine engine = engine();

    assertThat(engine.health().state()).isIn(State.IDLE, State.STARTING, State.READY);
    Turn.read(engine.open(ask.greedy(3)));
    assertThat(engine.health().state()).isEqualTo(State.READY);
    assertThat(engine.model()).isNotBlank();
  }

  @Test
  void aClosedEngineEndsItsStreams() {
    try (Engine engine = engineToClose();
        TokenStream stream = engine.open(ask.greedy(512))) {
      assertThat(stream.next()).isNotNull();
      var reader = Together.start(() -> catchThrowable(() -> Turn.read(stream)));

      engine.close();

      assertThat(Together.join(reader)).isInstanceOf(EngineException.Unavailable.class);
    }
  }

  @Test
  void aClosedEngineStillSaysHowItIs() {
    try (Engine engine = engineToClose()) {
      engine.close();

      assertThat(engine.health().detail()).isNotBlank();
      assertThat(catchThrowable(() -> engine.open(ask.greedy(3)).close()))
          .isInstanceOf(EngineException.class);
    }
  }
}
