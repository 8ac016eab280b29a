package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.WireServer;
import dev.ponder.engine.WireServer.Wire;
import dev.ponder.engine.Written;
import dev.ponder.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that says nothing is given up in time, whatever it sends instead, and whoever waits for
/// it can go.
@Timeout(60)
class SilenceTests {

  private static final Duration SOON = Duration.ofMillis(250);
  private static final String EMPTY = "data: {\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n";
  private static final String WORD =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
  private static final String END = "data: [DONE]\n\n";

  private final WireServer server = new WireServer();
  private OpenAiEngine engine = engine(Duration.ofSeconds(30), Duration.ofSeconds(1));

  @AfterEach
  void close() {
    engine.close();
    server.close();
  }

  private OpenAiEngine engine(Duration answer, Duration silence) {
    return new OpenAiEngine(
        new OpenAiModel("local", "thinker", server.url(), null, Continuation.NONE, null, 4096),
        new OpenAiSettings(null, answer, silence, 32, 4, 4096),
        InstantSource.system());
  }

  private static GenerationRequest request(Duration time) {
    return new GenerationRequest(
        new Conversation(null, "What is it?"),
        Written.NOTHING,
        new Sampling(0, 1, 0, 0, 0, 1),
        7,
        100,
        Deadline.in(time, InstantSource.system()),
        "job/1");
  }

  private static void good(Wire wire) throws IOException {
    wire.head(200, "Content-Type: text/event-stream").send(WORD + END);
  }

  private void getToKnow() {
    server.answers((request, wire) -> good(wire));
    engine.capabilities();
  }

  @ParameterizedTest
  @ValueSource(strings = {": keep-alive\n\n", "x", "data:\n\n", EMPTY, "data: {\"id\":1}\n\n"})
  void whatIsNoTextIsSilence(String sent) {
    getToKnow();
    server.answers(
        (request, wire) -> {
          wire.head(200, "Content-Type: text/event-stream").send(WORD);
          while (true) {
            wire.send(sent);
            TimeUnit.MILLISECONDS.sleep(20);
          }
        });
    long began = System.nanoTime();

    Throwable failure =
        catchThrowable(
            () -> {
              try (TokenStream stream = engine.open(request(Duration.ofMinutes(1)))) {
                assertThat(stream.next().text()).isEqualTo("word ");
                stream.next();
              }
            });

    assertThat(failure)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("no text came for 1,000 ms, the limit");
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
  }

  @Test
  void textThatComesSlowlyIsNone() {
    getToKnow();
    server.answers(
        (request, wire) -> {
          wire.head(200, "Content-Type: text/event-stream");
          for (int i = 0; i < 4; i++) {
            TimeUnit.MILLISECONDS.sleep(500);
            wire.send(WORD);
          }
          wire.send(END);
        });
    int words = 0;

    try (TokenStream stream = engine.open(request(Duration.ofMinutes(1)))) {
      while (stream.next() != null) {
        words++;
      }
    }

    assertThat(words).isEqualTo(4);
  }

  @Test
  void aReaderThatIsSlowIsNoSilence() throws InterruptedException {
    getToKnow();
    server.answers((request, wire) -> wire.head(200).send(WORD).send(WORD).send(END));

    try (TokenStream stream = engine.open(request(Duration.ofMinutes(1)))) {
      assertThat(stream.next()).isNotNull();
      TimeUnit.MILLISECONDS.sleep(1_500);
      assertThat(stream.next()).isNotNull();
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void gettingToKnowAServerEndsWithTheRequestThatAsks() throws InterruptedException {
    server.answers(WireServer.hangsAfter("", new CountDownLatch(1)));
    long began = System.nanoTime();

    Throwable failure = catchThrowable(() -> engine.open(request(Duration.ofMillis(600))));

    assertThat(failure).isInstanceOf(EngineException.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1_500));
    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ": keep-alive\n\n", EMPTY, WORD})
  void gettingToKnowAServerHasALimitOfItsOwn(String sent) throws InterruptedException {
    engine.close();
    engine = engine(Duration.ofMillis(600), Duration.ofMinutes(5));
    server.answers(
        (request, wire) -> {
          if (sent.isEmpty()) {
            wire.millisUntilClosed();
            return;
          }
          wire.head(200, "Content-Type: text/event-stream");
          while (true) {
            wire.send(sent);
            TimeUnit.MILLISECONDS.sleep(20);
          }
        });
    long began = System.nanoTime();

    Throwable failure = catchThrowable(engine::capabilities);

    assertThat(failure).isInstanceOf(EngineException.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
  }

  @Test
  void whoeverWaitsForTheAcquaintanceOfAnotherCanGo() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    server.answers(WireServer.hangsAfter("", reached));
    Thread first = Thread.ofVirtual().start(() -> catchThrowable(engine::capabilities));
    reached.await();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread second =
        Thread.ofVirtual().start(() -> failure.set(catchThrowable(engine::capabilities)));
    Thread.sleep(50);

    second.interrupt();

    assertThat(second.join(SOON)).isTrue();
    assertThat(failure.get()).isInstanceOf(EngineException.Unavailable.class);
    assertThat(first.isAlive()).isTrue();
    first.interrupt();
    assertThat(first.join(SOON)).isTrue();
    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
  }

  @Test
  void aServerThatWillNotServeSaysSoWhenItIsGotToKnow() {
    server.answers(
        (request, wire) ->
            wire.whole(
                200,
                "application/json",
                "{\"error\":{\"message\":\"quota exceeded\",\"type\":\"insufficient_quota\"}}"));

    assertThat(catchThrowable(engine::capabilities))
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("quota exceeded");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aContextThatTheServerNamesIsTaken() {
    getToKnow();
    int before = server.requests().size();
    server.answers(
        (request, wire) -> {
          if (request.contains("\"max_tokens\":4000,")) {
            wire.whole(
                400,
                "application/json",
                "{\"object\":\"error\",\"message\":\"This model's maximum context length is 1024 tokens. However, you requested 4010 tokens (10 in the messages, 4000 in the completion).\",\"type\":\"BadRequestError\",\"code\":400}");
          } else {
            good(wire);
          }
        });

    try (TokenStream stream =
        engine.open(request(Duration.ofMinutes(1)).continuing(Written.NOTHING, 4000))) {
      assertThat(stream.next().text()).isEqualTo("word ");
    }

    assertThat(server.requests()).hasSize(before + 2);
    assertThat(server.requests().getLast()).containsPattern("\"max_tokens\":10[01]\\d,");
    assertThat(engine.capabilities().contextTokens()).isEqualTo(1024);
  }

  @Test
  void aRefusalWithoutANumberNamesTheSetting() {
    getToKnow();
    int before = server.requests().size();
    server.answers(
        (request, wire) ->
            wire.whole(
                400,
                "application/json",
                "{\"error\":{\"message\":\"the request exceeds the available context size\"}}"));

    Throwable failure = catchThrowable(() -> engine.open(request(Duration.ofMinutes(1))));

    assertThat(failure)
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("exceeds the available context size")
        .hasMessageContaining("ponder.models.local.context");
    assertThat(server.requests()).hasSize(before + 1);
  }
}
