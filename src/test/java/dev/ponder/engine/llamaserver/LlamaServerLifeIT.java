package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the contract of all engines does not say: a real llama-server whose decoding is stopped,
/// continued from ids, and whose process is killed.
@NeedsLlamaServer
@Timeout(120)
class LlamaServerLifeIT {
  /// What the model says to it ends by itself after about a hundred tokens.
  private static final Conversation QUESTION =
      new Conversation(
          "Stage: analysis. State the facts, the question and a plan.",
          "Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each. Ada pays with 60 coins. "
              + "How much change does Ada get?");

  private static LocalServer server;
  private static LlamaServerEngine engine;
  private static List<Piece> whole;

  @BeforeAll
  static void begin() {
    server = LocalServer.slow(2, 6);
    engine = server.engine();
    whole = readAll(engine.open(request(Written.NOTHING)));
  }

  @AfterAll
  static void end() {
    engine.close();
    server.close();
  }

  private static GenerationRequest request(Written written) {
    return new GenerationRequest(
        QUESTION,
        written,
        new Sampling(0, 1, 0, 0, 0, 1),
        1,
        512,
        Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
        "job/1");
  }

  private static List<Piece> readAll(TokenStream stream) {
    try (stream) {
      List<Piece> pieces = new ArrayList<>();
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        pieces.add(piece);
      }
      return pieces;
    }
  }

  private static Written written(List<Piece> pieces) {
    return new Written(
        pieces.stream().map(Piece::text).collect(Collectors.joining()),
        pieces.stream().flatMapToInt(piece -> Arrays.stream(piece.ids())).toArray());
  }

  private static void until(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not come true within 60 s").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void closingAStreamStopsTheDecodeInTheServer() {
    int wholeTokens = whole.stream().mapToInt(Piece::tokens).sum();
    TokenStream stream = engine.open(request(Written.NOTHING));
    stream.next();
    assertThat(server.busySlots()).isEqualTo(1);
    long before = server.tokensDecoded();

    stream.close();
    until(() -> server.busySlots() == 0);

    assertThat(server.tokensDecoded() - before).isLessThan(wholeTokens / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 60})
  void aContinuationFromIdsIsExactAndFindsAllButOneTokenEvaluated(int cut) {
    List<Piece> first = whole.subList(0, cut);
    // Whoever asked last, this slot holds the whole text afterwards.
    readAll(engine.open(request(Written.NOTHING)));

    TokenStream stream = engine.open(request(written(first)));
    List<Piece> rest = readAll(stream);

    assertThat(written(rest).text()).isEqualTo(written(whole.subList(cut, whole.size())).text());
    assertThat(IntStream.of(written(rest).ids()))
        .containsExactlyElementsOf(
            IntStream.of(written(whole.subList(cut, whole.size())).ids()).boxed().toList());
    assertThat(stream.completion().usage().cached())
        .isEqualTo(stream.completion().usage().prompt() - 1);
  }

  /// The server closes each connection after a stream, which is when the next request comes.
  @Test
  void requestsThatFollowAStreamAtOnceFindAConnection() {
    try (LocalServer quick = LocalServer.with(2);
        LlamaServerEngine client = quick.engine()) {
      for (int i = 0; i < 100; i++) {
        readAll(client.open(request(Written.NOTHING).continuing(Written.NOTHING, 3)));
        assertThat(client.countTokens("lemons")).isPositive();
      }
    }
  }

  @Test
  void aServerKilledInTheMiddleOfAThoughtGoesOnWithItAfterARestart() {
    TokenStream stream = engine.open(request(Written.NOTHING));
    List<Piece> start = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      start.add(stream.next());
    }

    server.kill();
    Throwable broken =
        catchThrowable(
            () -> {
              for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
                start.add(piece);
              }
            });
    Throwable down = catchThrowable(() -> engine.open(request(written(start))));
    State state = engine.health().state();
    server.start();
    List<Piece> rest = readAll(engine.open(request(written(start))));

    assertThat(broken).isInstanceOf(EngineException.Unavailable.class);
    assertThat(down)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("nothing seems to listen there");
    assertThat(state).isEqualTo(State.DOWN);
    assertThat(start.size()).isLessThan(whole.size());
    assertThat(written(start).text() + written(rest).text()).isEqualTo(written(whole).text());
    assertThat(engine.health().state()).isEqualTo(State.READY);
  }
}
