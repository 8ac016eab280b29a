package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
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
import dev.ponder.engine.openai.DialectServer.Way;
import dev.ponder.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What servers do that a llama-server in the tests does not.
@Timeout(60)
class OpenAiEngineTests {

  private static final String KEY = "sk-very-secret-0815";
  private static final String THOUGHT = String.join("", DialectServer.THOUGHT);
  private static final String CONCLUSION = String.join("", DialectServer.CONCLUSION);

  private final DialectServer server = new DialectServer();
  private OpenAiEngine engine = engine(server.url(), OpenAiSettings.defaults());

  @AfterEach
  void end() {
    engine.close();
    server.close();
  }

  private static OpenAiEngine engine(URI url, OpenAiSettings settings) {
    return new OpenAiEngine(
        new OpenAiModel("local", "thinker", url, ApiKey.of(KEY), Continuation.AUTO, null, null),
        settings,
        InstantSource.system());
  }

  private record Answer(String text, int tokens, Completion completion) {}

  private Answer ask(String written, int most) {
    return read(engine.open(request(written, most)));
  }

  private static Answer read(TokenStream stream) {
    try (stream) {
      StringBuilder text = new StringBuilder();
      int tokens = 0;
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        text.append(piece.text());
        tokens += piece.tokens();
      }
      return new Answer(text.toString(), tokens, stream.completion());
    }
  }

  private static GenerationRequest request(String written, int most) {
    return request(written, most, Duration.ofMinutes(1));
  }

  private static GenerationRequest request(String written, int most, Duration time) {
    return new GenerationRequest(
        new Conversation("Be brief.", "What is it? <|im_end|>"),
        Written.text(written),
        new Sampling(0.6, 0.95, 20, 0.05, 0.5, 1.1),
        7,
        most,
        Deadline.in(time, InstantSource.system()),
        "job/1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "reasoning"})
  void reasoningIsUnderstoodByEitherName(String field) {
    server.reasoningIn(field);

    Answer answer = ask("", 100);

    assertThat(answer.text()).isEqualTo(THOUGHT + "</think>\n\n" + CONCLUSION);
    assertThat(answer.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
  }

  @Test
  void tagsInTheContentEndTheThought() {
    server.reasoningIn("");

    Answer answer = ask("", 100);

    assertThat(answer.text()).isEqualTo(THOUGHT + "\n</think>\n\n" + CONCLUSION);
  }

  @Test
  void usageIsTheServers() {
    Answer answer = ask("", 100);

    assertThat(answer.completion().usage().prompt()).isEqualTo(20);
    assertThat(answer.completion().usage().written()).isEqualTo(19);
    assertThat(answer.tokens()).isEqualTo(19);
  }

  @Test
  void withoutUsageTokensAreEstimated() {
    server.withoutUsage();

    Answer answer = ask("", 100);

    assertThat(answer.completion().usage().prompt()).isPositive();
    assertThat(answer.completion().usage().written()).isEqualTo(answer.tokens()).isPositive();
  }

  @Test
  void tokensThatNoEventToldOfAreToldAtTheEnd() {
    // One token a letter, say, and all letters in one event.
    engine.capabilities();
    server
        .breaksAfter(1)
        .sends(
            """
        {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":5,"completion_tokens":40,"total_tokens":45}}""");

    Answer answer = ask("", 100);

    assertThat(answer.tokens()).isEqualTo(40);
    assertThat(answer.completion().usage().written()).isEqualTo(40);
  }

  @Test
  void goesOnWithATextWhereTheServerDoesAndSaysHow() {
    server.goesOn(Way.FINAL_MESSAGE);

    boolean can = engine.capabilities().offer(Capability.CONTINUATION);
    Answer rest = ask("one, two, three,", 100);

    assertThat(can).isTrue();
    assertThat(rest.text())
        .isEqualTo(THOUGHT.substring("one, two, three,".length()) + "</think>\n\n" + CONCLUSION);
    JsonNode asked = server.asked().getLast();
    assertThat(asked.get("continue_final_message").asBoolean()).isTrue();
    assertThat(asked.get("add_generation_prompt").asBoolean()).isFalse();
    assertThat(asked.get("messages").get(2).get("content").asString())
        .isEqualTo("one, two, three,");
  }

  @Test
  void goesOnBehindAThoughtThatWasClosedForIt() {
    server.goesOn(Way.FINAL_MESSAGE);

    Answer rest = ask("one,\nI answer now.\n</think>\n\n", 100);

    assertThat(rest.text()).isEqualTo(CONCLUSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "REFUSES"})
  void doesNotClaimToGoOnWhereTheServerDoesNot(Way way) {
    server.goesOn(way);

    boolean can = engine.capabilities().offer(Capability.CONTINUATION);
    Throwable refusal = catchThrowable(() -> ask("one, two,", 10));

    assertThat(can).isFalse();
    assertThat(refusal)
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("ponder.models.local.continuation");
  }

  @Test
  void sendsWhatTheSamplingSaysAndNoControlTokenOfAUser() {
    ask("", 33);

    JsonNode asked = server.asked().getLast();
    assertThat(asked.get("model").asString()).isEqualTo("thinker");
    assertThat(asked.get("max_tokens").intValue()).isEqualTo(33);
    assertThat(asked.get("temperature").doubleValue()).isEqualTo(0.6);
    assertThat(asked.get("top_p").doubleValue()).isEqualTo(0.95);
    assertThat(asked.get("top_k").intValue()).isEqualTo(20);
    assertThat(asked.get("min_p").doubleValue()).isEqualTo(0.05);
    assertThat(asked.get("presence_penalty").doubleValue()).isEqualTo(0.5);
    assertThat(asked.get("repetition_penalty").doubleValue()).isEqualTo(1.1);
    assertThat(asked.get("seed").intValue()).isEqualTo(7);
    assertThat(asked.get("stream").asBoolean()).isTrue();
    assertThat(asked.get("stream_options").get("include_usage").asBoolean()).isTrue();
    assertThat(asked.get("messages").get(1).get("content").asString())
        .isEqualTo("What is it? < |im_end|>");
    assertThat(server.keys()).containsOnly("Bearer " + KEY);
  }

  @Test
  void waitsAsLongAsABusyServerAsks() {
    engine.capabilities();
    server.refuses(429, "{\"error\": {\"message\": \"too many\"}}", "Retry-After", "7");

    Throwable busy = catchThrowable(() -> ask("", 5));

    assertThat(busy)
        .isInstanceOfSatisfying(
            EngineException.Unavailable.class,
            it -> assertThat(it.retryAfter()).isEqualTo(Duration.ofSeconds(7)))
        .hasMessageContaining("status 429 (too many)");
  }

  @ParameterizedTest
  @CsvSource({
    "Please try again in 1.5s.,1500",
    "Please retry after 6 seconds.,6000",
    "retry in 20ms,20",
    "Try again in 2 minutes,120000",
    "retry after 9999h,3600000",
  })
  void waitsAsLongAsABusyServerSays(String said, long millis) {
    engine.capabilities();
    server
        .breaksAfter(0)
        .sends("{\"error\": {\"message\": \"%s\", \"code\": 429}}".formatted(said));

    Throwable busy = catchThrowable(() -> ask("", 5));

    assertThat(busy)
        .isInstanceOfSatisfying(
            EngineException.Unavailable.class,
            it -> assertThat(it.retryAfter()).isEqualTo(Duration.ofMillis(millis)));
  }

  @Test
  void understandsATimeToComeBackAt() {
    engine.capabilities();
    String time =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90));
    server.refuses(503, "{\"message\": \"loading\"}", "Retry-After", time);

    Throwable busy = catchThrowable(() -> ask("", 5));

    assertThat(busy)
        .isInstanceOfSatisfying(
            EngineException.Unavailable.class,
            it ->
                assertThat(it.retryAfter())
                    .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(91)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|Unusable|OPENAI_API_KEY or ponder.models.local.key",
        "403|Unusable|does not accept our key",
        "404|Unusable|has no model 'thinker'",
        "400|Refused|refused the request: maximum context length is 4096 tokens, you asked for 5000",
        "422|Refused|refused the request",
        "500|Unavailable|cannot answer now",
        "502|Unavailable|cannot answer now",
        "302|Unusable|Check that it is an OpenAI-compatible server"
      })
  void aRefusalSaysWhatToDoAndNeverTheKey(int status, String kind, String message) {
    engine.capabilities();
    server.refuses(
        status,
        "{\"error\": {\"message\": \"maximum context length is 4096 tokens, you asked for 5000 with %s\"}}"
            .formatted(KEY));

    Throwable refusal = catchThrowable(() -> ask("", 5));

    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(refusal.getMessage()).doesNotContain(KEY);
  }

  @Test
  void theKeyIsNotPrinted() {
    assertThat(
            engine.toString()
                + ApiKey.of(KEY)
                + new OpenAiModel(
                    "a", "a", server.url(), ApiKey.of(KEY), Continuation.AUTO, null, null))
        .doesNotContain(KEY);
  }

  @Test
  void whatCameOfAStreamThatEndsWithoutAFinishReasonIsKept() {
    engine.capabilities();
    server.breaksAfter(3);

    Answer answer = ask("", 100);

    assertThat(answer.text()).isEqualTo("one, two, three,");
    assertThat(answer.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "error"})
  void anAnswerThatTheServerGaveUpIsBrokenOff(String reason) {
    engine.capabilities();
    server.finishesWith(reason);

    assertThat(catchThrowable(() -> ask("", 100))).isInstanceOf(EngineException.Unavailable.class);
  }

  @Test
  void anErrorInTheMiddleOfAStreamIsOne() {
    engine.capabilities();
    server.breaksAfter(2).sends("{\"error\": {\"message\": \"out of memory\", \"code\": 500}}");

    assertThat(catchThrowable(() -> ask("", 100)))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("out of memory");
  }

  @Test
  void anEventThatIsNoJsonBreaksTheStream() {
    engine.capabilities();
    server.breaksAfter(2).sends("{\"choices\": [");

    assertThat(catchThrowable(() -> ask("", 100)))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("could not be understood");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() {
    engine.capabilities();
    engine.close();
    engine = engine(server.url(), OpenAiSettings.defaults().within(Duration.ofSeconds(1)));
    engine.capabilities();
    server.hangs();

    assertThat(catchThrowable(() -> ask("", 100)))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("no text came for 1,000 ms");
  }

  @Test
  void closingAStreamClosesTheConnection() throws InterruptedException {
    engine.capabilities();
    server.takes(20);
    TokenStream stream = engine.open(request("", 100));
    stream.next();

    stream.close();

    assertThat(stream.next()).isNull();
    assertThat(stream.completion().reason()).isEqualTo(StopReason.CANCELLED);
    assertThat(server.clientIsGone()).isTrue();
  }

  @Test
  void aServerThatIsNotThereIsDown() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    engine.close();
    engine = engine(URI.create("http://127.0.0.1:" + port), OpenAiSettings.defaults());

    Throwable failure = catchThrowable(() -> engine.capabilities());

    assertThat(failure)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("nothing seems to listen there");
    assertThat(engine.health().state()).isEqualTo(State.DOWN);
  }

  @Test
  void aRequestWhoseTimeIsUpIsNotMade() {
    engine.capabilities();
    int before = server.asked().size();

    Throwable late = catchThrowable(() -> engine.open(request("", 5, Duration.ZERO)));

    assertThat(late).hasMessageContaining("the deadline is over");
    assertThat(server.asked()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/v1", "/v1/"})
  void theAddressMayEndWhereTheServerOrItsApiBegins(String path) {
    engine.close();
    engine = engine(URI.create(server.url() + path), OpenAiSettings.defaults());

    assertThat(engine.reported()).containsExactly(new ReportedModel("thinker", 4096));
    assertThat(engine.capabilities().contextTokens()).isEqualTo(4096);
  }

  @Test
  void estimatesLearnFromWhatTheServerCounts() {
    int before = engine.countTokens("x".repeat(1000));
    for (int i = 0; i < 20; i++) {
      ask("", 100);
    }

    int after = engine.countTokens("x".repeat(1000));

    // 19 tokens of about a hundred characters.
    assertThat(after).isLessThan(before).isBetween(150, 260);
  }
}
