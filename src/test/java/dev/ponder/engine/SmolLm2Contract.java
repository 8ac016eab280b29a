package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ponder.engine.llamaserver.SupervisedEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract kept with a model that was not made for it: SmolLM2-135M has another architecture,
/// another template, which knows no `<think>` and adds a system message where there is none, and 49
/// thousand tokens, of which a sign of another script takes several. The expected numbers are what
/// llama-server makes of the file.
public abstract class SmolLm2Contract extends EngineContract {

  /// One sequence holds so many tokens.
  protected static final int CONTEXT = 512;

  private final Requests ask = new Requests(this::conversation);
  private final Requests emoji = Requests.asking("Write a list of five emoji.");

  /// Of a question that leaves it a choice the last bits of the arithmetic decide, which depend on
  /// what is computed together; each token of this answer is far more likely than any other.
  @Override
  protected Conversation conversation() {
    return new Conversation(null, "Name the twelve months of the year.");
  }

  @Override
  protected String branch(String beginning, int number) {
    return super.branch(beginning, number)
        + " Write the numbers from 1 to 20, separated by commas.";
  }

  /// Where the model has a choice, what was evaluated together with the prompt decides too.
  @Override
  @Test
  void theSameSeedGivesTheSameTextWhereItClaimsSo() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.REPRODUCIBLE));

    Turn once = Turn.read(engine.open(ask.cool(42, 60)));
    Turn again = Turn.read(engine.open(ask.cool(42, 60)));

    assertThat(again.text()).isEqualTo(once.text());
  }

  @Test
  void theModelsOwnTemplateIsAppliedWithItsSystemMessage() {
    Engine engine = engine();
    Conversation own = new Conversation("Be short.", "Name the twelve months of the year.");

    Turn standard = Turn.read(engine.open(ask.greedy(3)));
    Turn given = Turn.read(engine.open(new Requests(() -> own).greedy(3)));

    assertThat(standard.promptTokens()).isEqualTo(38);
    assertThat(given.promptTokens()).isEqualTo(25);
    assertThat(standard.text()).isEqualTo("The twelve months");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ada has 12 apples.|8",
        "😀🎉|6",
        "漢字 日本語 こんにちは|20",
        "'  if (a < b) { return; }'|11",
        "naïve Straße|5"
      })
  void countsTheTokensOfAnyScript(String text, int tokens) {
    assertThat(engine().countTokens(text)).isEqualTo(tokens);
  }

  @Test
  void charactersOfSeveralTokensComeWholeAtEveryLimit() {
    Engine engine = engine();
    String whole = Turn.read(engine.open(emoji.greedy(40))).text();

    assertThat(whole.codePoints()).anyMatch(Character::isSupplementaryCodePoint);
    for (int limit = 1; limit <= 12; limit++) {
      Turn turn = Turn.read(engine.open(emoji.greedy(limit)));
      assertThat(turn.tokens()).isEqualTo(limit);
      assertThat(turn.completion().usage().written()).isEqualTo(limit);
      assertThat(turn.text()).matches(Turn::wholeCharacters).doesNotContain("\uFFFD");
      assertThat(whole).startsWith(turn.text());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 22})
  void aTextOfSuchCharactersGoesOnWhereItWasCut(int cut) {
    Engine engine = engine();
    String whole = Turn.read(engine.open(emoji.greedy(40))).text();
    Turn first = Turn.read(engine.open(emoji.greedy(cut)));

    Written written = new Written(first.text(), first.ids());
    Turn rest = Turn.read(engine.open(emoji.greedy(40).continuing(written, 40 - cut)));

    // What was decoded of a character that was cut is decoded again, so a little may be missing.
    String joined = first.text() + rest.text();
    assertThat(whole).startsWith(joined);
    assertThat(joined.length()).isGreaterThan(whole.length() - 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 13, 28})
  void aContinuationAtManyCutsWritesWhatTheUninterruptedRunWrites(int cut) {
    aContinuationWritesWhatTheUninterruptedRunWrites(cut);
  }

  @Test
  void aProcessThatIsKilledInTheMiddleOfAThoughtIsReplacedAndTheThoughtGoesOn() {
    SupervisedEngine engine = (SupervisedEngine) slowEngine();
    assumeTrue(engine.capabilities().offer(Capability.CONTINUATION));
    Turn whole = Turn.read(engine.open(ask.greedy(512)));
    StringBuilder start = new StringBuilder();
    int tokens = 0;
    Throwable broken;
    try (TokenStream stream = engine.open(ask.greedy(512))) {
      while (tokens < 8) {
        Piece piece = stream.next();
        start.append(piece.text());
        tokens += piece.tokens();
      }
      ProcessHandle.of(engine.processId().orElseThrow()).orElseThrow().destroyForcibly();
      broken = catchThrowable(() -> readOn(stream, start));
    }

    Turn rest =
        Turn.read(engine.open(ask.greedy(512).continuing(Written.text(start.toString()), 512)));

    assertThat(broken).isInstanceOf(EngineException.Unavailable.class);
    assertThat(start.length()).isLessThan(whole.text().length());
    assertThat(start + rest.text()).isEqualTo(whole.text());
  }

  private static void readOn(TokenStream stream, StringBuilder text) {
    for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
      text.append(piece.text());
    }
  }
}
