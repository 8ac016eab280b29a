package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The client against a server that answers what a llama-server answers, or what one should not.
@Timeout(60)
class LlamaServerEngineTests {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String PROPS =
      """
      {"total_slots":4,"model_alias":"big","eos_token":"<|im_end|>","bos_token":null,
       "default_generation_settings":{"n_ctx":8192,"params":{"n_ctx":1,"samplers":["a"]}}}
      """;

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private LlamaServerEngine engine;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    answers("/props", 200, PROPS);
    answers("/apply-template", 200, "{\"prompt\":\"<|im_start|>user\\nHi\"}");
    answers("/tokenize", 200, "{\"tokens\":[1,2,3]}");
    server.start();
    engine = engine(Duration.ofSeconds(30));
  }

  @AfterEach
  void end() {
    over.countDown();
    engine.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private LlamaServerEngine engine(Duration silence) {
    return new LlamaServerEngine(
        ServerConnection.to(
            "big",
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            ApiKey.of("key")),
        new LlamaServerSettings(null, Duration.ofSeconds(30), silence),
        InstantSource.fixed(NOON));
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private void serves(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer.to(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void answers(String path, int status, String body) {
    serves(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  private static void send(HttpExchange exchange, String... events) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    for (String event : events) {
      exchange.getResponseBody().write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    }
  }

  private static String token(String text, int id, int count) {
    return "data: {\"index\":0,\"content\":\"%s\",\"tokens\":[%d],\"stop\":false,\"tokens_predicted\":%d,\"tokens_evaluated\":9}"
        .formatted(text, id, count);
  }

  private static String last(int count, String type, boolean truncated) {
    return ("data: {\"content\":\"\",\"tokens\":[],\"stop\":true,\"tokens_predicted\":%d,\"tokens_evaluated\":9,"
            + "\"stop_type\":\"%s\",\"truncated\":%s,\"timings\":{\"cache_n\":8,\"prompt_n\":1,"
            + "\"prompt_ms\":2.5,\"predicted_n\":3,\"predicted_ms\":40.0}}")
        .formatted(count, type, truncated);
  }

  private static GenerationRequest request(Written written) {
    return new GenerationRequest(
        new Conversation("Be <|im_end|> short", "Hi</think>"),
        written,
        new Sampling(0.6, 0.95, 20, 0, 0, 1),
        -1,
        50,
        new Deadline(NOON.plusSeconds(60)),
        "a");
  }

  @Test
  void readsTextIdsCountsAndTimes() {
    serves(
        "/completion",
        exchange ->
            send(exchange, ":", token("Hel", 5, 1), token("lo 😀", 6, 2), last(3, "eos", false)));

    TokenStream stream = engine.open(request(Written.NOTHING));
    Piece first = stream.next();
    Piece second = stream.next();
    Piece third = stream.next();

    assertThat(first.text()).isEqualTo("Hel");
    assertThat(first.ids()).containsExactly(5);
    assertThat(second.text()).isEqualTo("lo 😀");
    assertThat(third.tokens()).isEqualTo(1);
    assertThat(stream.next()).isNull();
    assertThat(stream.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
    assertThat(stream.completion().usage().prompt()).isEqualTo(9);
    assertThat(stream.completion().usage().cached()).isEqualTo(8);
    assertThat(stream.completion().usage().written()).isEqualTo(3);
    assertThat(stream.completion().prefill()).isEqualTo(Duration.ofNanos(2_500_000));
    assertThat(stream.completion().decode()).isEqualTo(Duration.ofMillis(40));
  }

  @Test
  void leavesOutIdsThatDoNotCoverTheText() {
    serves("/completion", exchange -> send(exchange, token("é", 5, 2), last(2, "limit", false)));

    Piece piece = engine.open(request(Written.NOTHING)).next();

    assertThat(piece.tokens()).isEqualTo(2);
    assertThat(piece.ids()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"limit,false,LIMIT", "limit,true,CONTEXT_FULL", "eos,false,END_OF_TURN"})
  void saysWhyItEnded(String type, boolean truncated, StopReason reason) {
    serves("/completion", exchange -> send(exchange, token("a", 5, 1), last(1, type, truncated)));
    TokenStream stream = engine.open(request(Written.NOTHING));
    stream.next();

    assertThat(stream.next()).isNull();

    assertThat(stream.completion().reason()).isEqualTo(reason);
  }

  @Test
  void continuesFromIdsWhereItHasThemAndFromTextElsewhere() {
    serves("/completion", exchange -> send(exchange, last(1, "eos", false)));

    engine.open(request(new Written("so far", new int[] {70, 71}))).close();
    engine.open(request(Written.text("so far"))).close();

    assertThat(bodies).anyMatch(body -> body.contains("\"prompt\":[1,2,3,70,71]"));
    assertThat(bodies)
        .anyMatch(body -> body.contains("\"prompt\":\"<|im_start|>user\\nHiso far\""));
  }

  private static final String MAGISTRAL =
      """
      {"total_slots":4,"model_alias":"big","eos_token":"</s>","bos_token":"<s>",
       "chat_template":"{{ '[SYSTEM_PROMPT]' }} [THINK] {{ x }} [/THINK]",
       "default_generation_settings":{"n_ctx":8192}}
      """;

  @Test
  void aThoughtInOtherTagsHasTheFormOfAll() {
    server.removeContext("/props");
    answers("/props", 200, MAGISTRAL);
    serves(
        "/completion",
        exchange ->
            send(
                exchange,
                token("[THINK]", 5, 1),
                token("I count", 6, 2),
                token(".", 7, 3),
                token("[/TH", 8, 4),
                token("INK]", 9, 5),
                token("42", 10, 6),
                token("</s>", 11, 7),
                last(7, "eos", false)));

    StringBuilder text = new StringBuilder();
    List<Integer> ids = new ArrayList<>();
    int tokens = 0;
    try (TokenStream stream = engine.open(request(Written.NOTHING))) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        text.append(piece.text());
        tokens += piece.tokens();
        Arrays.stream(piece.ids()).forEach(ids::add);
      }
    }

    assertThat(text.toString()).isEqualTo("I count.</think>\n\n42");
    assertThat(tokens).isEqualTo(7);
    assertThat(ids).containsExactly(5, 6, 7, 8, 9, 10, 11);
    assertThat(bodies)
        .anyMatch(body -> body.contains("\"preserved_tokens\":[\"[THINK]\",\"[/THINK]\"]"));
  }

  @Test
  void goesOnInTheTagsOfItsModel() {
    server.removeContext("/props");
    answers("/props", 200, MAGISTRAL);
    serves("/completion", exchange -> send(exchange, last(1, "eos", false)));

    engine.open(request(Written.text("I count.\n</think>\n\n4"))).close();

    assertThat(bodies).anyMatch(body -> body.contains("user\\nHi[THINK]I count.\\n[/THINK]4\""));
  }

  @Test
  void makesControlTokensOfUsersPlainAndSendsASeedTheServerTakes() {
    serves("/completion", exchange -> send(exchange, last(1, "eos", false)));

    engine.open(request(Written.NOTHING)).close();

    assertThat(bodies)
        .anyMatch(body -> body.contains("Be < |im_end|> short") && body.contains("Hi< /think>"));
    assertThat(bodies)
        .anyMatch(body -> body.contains("\"stream\":true") && body.contains("\"seed\":0"));
    assertThat(CompletionBody.seed(0xFFFF_FFFFL)).isEqualTo(0xFFFF_FFFEL);
  }

  @Test
  void aStreamThatEndsBeforeItsLastEventIsBrokenAndKeepsWhatCame() {
    serves("/completion", exchange -> send(exchange, token("a", 5, 1), token("b", 6, 2)));
    TokenStream stream = engine.open(request(Written.NOTHING));

    assertThat(stream.next().text() + stream.next().text()).isEqualTo("ab");
    assertThatThrownBy(stream::next)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("after 2 tokens");
  }

  @Test
  void aStreamThatFallsSilentIsGivenUp() {
    LlamaServerEngine impatient = engine(Duration.ofMillis(300));
    serves(
        "/completion",
        exchange -> {
          send(exchange, token("a", 5, 1));
          over.await(30, TimeUnit.SECONDS);
        });
    TokenStream stream = impatient.open(request(Written.NOTHING));
    stream.next();

    assertThatThrownBy(stream::next)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("no text came for 300 ms");
    impatient.close();
  }

  @Test
  void closingFromAnotherThreadWakesTheReader() throws Exception {
    serves(
        "/completion",
        exchange -> {
          send(exchange, token("a", 5, 1));
          over.await(30, TimeUnit.SECONDS);
        });
    TokenStream stream = engine.open(request(Written.NOTHING));
    stream.next();
    var reader = threads.submit(stream::next);

    stream.close();

    assertThat(reader.get(20, TimeUnit.SECONDS)).isNull();
    assertThat(stream.completion().reason()).isEqualTo(StopReason.CANCELLED);
    assertThat(stream.completion().usage().written()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400,Refused",
    "401,Unusable",
    "403,Unusable",
    "404,Unusable",
    "413,Refused",
    "429,Unavailable",
    "500,Unavailable",
    "501,Unusable",
    "502,Unavailable",
    "503,Unavailable"
  })
  void tellsWhatMayWorkLaterFromWhatNeverWill(int status, String kind) {
    answers(
        "/completion",
        status,
        "{\"error\":{\"code\":%d,\"message\":\"because of this\",\"type\":\"t\"}}"
            .formatted(status));

    Throwable failure = catchThrowable(() -> engine.open(request(Written.NOTHING)));

    assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("because of this").hasMessageContaining("big");
  }

  @Test
  void anErrorInsideAStreamIsTheReadersError() {
    serves(
        "/completion",
        exchange ->
            send(
                exchange,
                token("a", 5, 1),
                "data: {\"error\":{\"code\":500,\"message\":\"decode failed\",\"type\":\"x\"}}"));
    TokenStream stream = engine.open(request(Written.NOTHING));
    stream.next();

    assertThatThrownBy(stream::next)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("decode failed");
  }

  private static String text(TokenStream stream) {
    StringBuilder text = new StringBuilder();
    for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
      text.append(piece.text());
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'content':'a\\ud83d','stop':false}|{'content':'\\ude00b','stop':false}|a😀b",
        "{'content':'a\\ud83d','stop':false}|{'content':'b','stop':false}|a\uFFFDb",
        "{'content':'a','stop':false,'tokens_predicted':'many'}|{'content':'b'}|ab",
        "{'content':'a','tokens_predicted':600000}|{'content':'b','tokens_predicted':-5}|ab",
        "{'content':{'x':1},'stop_type':{'y':[]}}|{'content':'b','timings':7}|b",
        "{'content':'a',~'stop':false}|{'error':null,'content':'b'}|ab",
        "[]|{'content':'b'}|b"
      })
  void whatStandsBesideTheTextDoesNotCostIt(String first, String second, String text) {
    String events = "data: %s\n\n:\n\ndata:\n\ndata: %s".formatted(first, second);
    serves(
        "/completion",
        exchange ->
            send(
                exchange,
                events.replace('\'', '"').replace("~", "\ndata: "),
                last(3, "eos", false)));

    TokenStream stream = engine.open(request(Written.NOTHING));

    assertThat(text(stream)).isEqualTo(text);
    assertThat(stream.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
    assertThat(stream.completion().usage().written()).isBetween(1, 5);
  }

  @Test
  void aPromptThatComesOnIsNoSilenceAndAPingIsOne() {
    LlamaServerEngine impatient = engine(Duration.ofMillis(400));
    serves(
        "/completion",
        exchange -> {
          for (int i = 1; i <= 5; i++) {
            String progress =
                "data: {\"content\":\"\",\"stop\":false,\"prompt_progress\":{\"total\":9,\"processed\":%d}}";
            over.await(200, TimeUnit.MILLISECONDS);
            exchange.getResponseHeaders();
            if (i == 1) {
              send(exchange, progress.formatted(i));
            } else {
              exchange.getResponseBody().write((progress.formatted(i) + "\n\n").getBytes());
              exchange.getResponseBody().flush();
            }
          }
          while (!over.await(50, TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(":\n\n".getBytes());
            exchange.getResponseBody().flush();
          }
        });
    long began = System.nanoTime();
    TokenStream stream = impatient.open(request(Written.NOTHING));

    assertThatThrownBy(stream::next)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("no text came for 400 ms");

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(1_200), Duration.ofSeconds(10));
    impatient.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{\"error\":{\"code\":400,\"message\":\"too long\"}}|Refused|too long",
        "{\"error\":\"loading\"}|Unavailable|loading",
        "<html><h1>Sign in</h1></html>|Unavailable|Sign in"
      })
  void anErrorWithStatus200IsOne(String body, String kind, String said) {
    answers("/completion", 200, body);

    TokenStream stream = engine.open(request(Written.NOTHING));
    Throwable failure = catchThrowable(stream::next);

    assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(said);
  }

  @Test
  void answersThatAreNoJsonAreNoCrash() {
    answers("/completion", 502, "<html>Bad gateway</html>");

    assertThatThrownBy(() -> engine.open(request(Written.NOTHING)))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("502");

    server.removeContext("/completion");
    serves("/completion", exchange -> send(exchange, "data: {nonsense"));
    TokenStream stream = engine.open(request(Written.NOTHING));
    assertThatThrownBy(stream::next).isInstanceOf(EngineException.Unavailable.class);
  }

  @Test
  void anEventWithoutEndIsGivenUpAtItsLimit() {
    serves(
        "/completion", exchange -> send(exchange, "data: {\"content\":\"" + "x".repeat(1_300_000)));
    TokenStream stream = engine.open(request(Written.NOTHING));

    assertThatThrownBy(stream::next)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("1,048,576");
  }

  @Test
  void aServerThatComesBackWithAnotherModelIsNotTakenForTheFormerOne() {
    serves("/completion", exchange -> send(exchange, token("a", 5, 1)));
    TokenStream stream = engine.open(request(Written.NOTHING));
    stream.next();
    assertThatThrownBy(stream::next).isInstanceOf(EngineException.Unavailable.class);
    server.removeContext("/props");
    answers("/props", 200, PROPS.replace("\"big\"", "\"small\""));

    Throwable first = catchThrowable(() -> engine.open(request(Written.text("a"))));
    Throwable second = catchThrowable(() -> engine.open(request(Written.text("a"))));
    server.removeContext("/props");
    answers("/props", 200, PROPS);

    assertThat(first)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("small")
        .hasMessageContaining("in place of big");
    assertThat(second).hasMessageContaining("in place of big");
    assertThat(engine.open(request(Written.text("a"))).next()).isNotNull();
  }

  @Test
  void aServerThatIsNotThereIsDownAndSaysSo() {
    server.stop(0);

    assertThatThrownBy(engine::capabilities).isInstanceOf(EngineException.Unavailable.class);
    assertThat(engine.health().state()).isEqualTo(State.DOWN);
  }

  @Test
  void doesNotAskAfterTheDeadline() {
    GenerationRequest late =
        new GenerationRequest(
            new Conversation(null, "Hi"),
            Written.NOTHING,
            new Sampling(0, 1, 0, 0, 0, 1),
            1,
            5,
            new Deadline(NOON),
            "a");

    assertThatThrownBy(() -> engine.open(late))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("deadline");
    assertThat(bodies).isEmpty();
  }
}
