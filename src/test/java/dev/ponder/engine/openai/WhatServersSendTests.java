package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.WireServer;
import dev.ponder.engine.WireServer.Wire;
import dev.ponder.engine.Written;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What stands beside a text never costs the text: bytes of a server on the one side, and what is
/// read of them on the other.
@Timeout(60)
class WhatServersSendTests {

  private static final String EVENTS = "text/event-stream";
  private static final String JSON = "application/json";
  private static final String DONE = "data: [DONE]\n\n";
  private static final String STOP = finish("\"stop\"");

  private static final WireServer SERVER = new WireServer();
  private static OpenAiEngine engine;

  /// How the bytes end.
  private enum End {
    /// With the connection, which is all that shows the end.
    CLOSED,
    /// As the last of all chunks.
    CHUNKED,
    /// In the middle of the chunks.
    CUT,
    /// By a reset.
    RESET
  }

  /// What is sent, and what has to come of it.
  ///
  /// @param reason null if it is a failure, whose class and words the others are
  private record Case(
      String what,
      String type,
      byte[] bytes,
      End end,
      String text,
      @Nullable StopReason reason,
      @Nullable Boolean estimated) {
    @Override
    public String toString() {
      return what;
    }

    Case over(End other) {
      return new Case(what + ", " + other, type, bytes, other, text, reason, estimated);
    }

    Case counted(boolean itIs) {
      return new Case(what, type, bytes, end, text, reason, !itIs);
    }
  }

  private static Case is(String what, String stream, String text, StopReason reason) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    return new Case(what, EVENTS, bytes, End.CHUNKED, text, reason, null);
  }

  private static Case ends(String what, String stream, String text) {
    return is(what, stream, text, StopReason.END_OF_TURN);
  }

  private static Case fails(String what, String type, String stream, String kind, String words) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    return new Case(what, type, bytes, End.CHUNKED, kind + ":" + words, null, null);
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static String choice(String members) {
    return event("{\"id\":\"c\",\"choices\":[{\"index\":0,%s}]}".formatted(members));
  }

  private static String delta(String delta) {
    return choice("\"delta\":" + delta);
  }

  private static String content(String text) {
    return delta("{\"content\":\"" + text + "\"}");
  }

  private static String finish(String reason) {
    return choice("\"delta\":{},\"finish_reason\":" + reason);
  }

  private static String usage(String usage) {
    return event("{\"id\":\"c\",\"choices\":[],\"usage\":" + usage + "}");
  }

  private static final String HELLO = content("Hel") + content("lo.");

  static Stream<Case> finishes() {
    Stream<Case> ends =
        Stream.of(
                "eos_token", "stop_sequence", "STOP", "eos", "", "end_turn", "normal", "\\\"", "完")
            .map(it -> ends("finish " + it, HELLO + finish("\"" + it + "\"") + DONE, "Hello."));
    Stream<Case> limits =
        Stream.of("length", "max_tokens", "MAX_TOKENS", "Length", "max_output_tokens")
            .map(
                it ->
                    is(
                        "finish " + it,
                        HELLO + finish("\"" + it + "\"") + DONE,
                        "Hello.",
                        StopReason.LIMIT));
    Stream<Case> withheld =
        Stream.of(
                "content_filter",
                "safety",
                "SAFETY",
                "refusal",
                "RECITATION",
                "tool_calls",
                "function_call",
                "tool_use")
            .map(
                it ->
                    is(
                        "finish " + it,
                        HELLO + finish("\"" + it + "\"") + DONE,
                        "Hello.",
                        StopReason.WITHHELD));
    return Stream.of(ends, limits, withheld).flatMap(it -> it);
  }

  static Stream<Case> ends() {
    return Stream.of(
        ends("finish missing", HELLO + DONE, "Hello."),
        ends("finish null", HELLO + finish("null") + DONE, "Hello."),
        ends("finish a number", HELLO + finish("0") + DONE, "Hello."),
        ends("finish an object", HELLO + finish("{\"type\":\"stop\"}") + DONE, "Hello."),
        ends("finish twice", HELLO + STOP + STOP + DONE, "Hello."),
        ends("finish before the rest", content("Hel") + STOP + content("lo.") + DONE, "Hello."),
        is(
            "finish length and text",
            content("a") + finish("\"length\"") + content("b") + DONE,
            "ab",
            StopReason.END_OF_TURN),
        ends("finish without done", HELLO + STOP, "Hello."),
        ends("finish without done", HELLO + STOP, "Hello.").over(End.CLOSED),
        ends("finish without done", HELLO + STOP, "Hello.").over(End.CUT),
        ends("finish without done", HELLO + STOP, "Hello.").over(End.RESET),
        ends("neither finish nor done", HELLO, "Hello."),
        ends("neither finish nor done", HELLO, "Hello.").over(End.CLOSED),
        ends(
                "a count instead",
                HELLO + usage("{\"prompt_tokens\":5,\"completion_tokens\":2}"),
                "Hello.")
            .over(End.CLOSED),
        fails("cut off", EVENTS, HELLO, "Unavailable", "What came so far is valid").over(End.CUT),
        fails("reset", EVENTS, HELLO, "Unavailable", "What came so far is valid").over(End.RESET),
        fails("nothing", EVENTS, "", "Unavailable", "without any text"),
        fails("nothing", EVENTS, "", "Unavailable", "without any text").over(End.CLOSED),
        is("context", HELLO + finish("\"model_length\"") + DONE, "Hello.", StopReason.CONTEXT_FULL),
        ends("done without blank", HELLO + STOP + "data:[DONE]\n\n", "Hello."),
        ends("done twice", HELLO + STOP + DONE + DONE, "Hello."),
        ends("done in small letters", HELLO + STOP + "data: [done]\n\n", "Hello."),
        ends("more after done", HELLO + STOP + DONE + content(" more") + "rubbish", "Hello."),
        ends("no blank line after done", HELLO + STOP + "data: [DONE]", "Hello."),
        ends("no blank line after the last", HELLO + STOP.strip(), "Hello."),
        fails("abort", EVENTS, HELLO + finish("\"abort\"") + DONE, "Unavailable", "gave up"));
  }

  static Stream<Case> events() {
    String two = "data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"lo.\"}}]}\n\n";
    return Stream.of(
        ends("an empty data line", content("Hel") + "data:\n\n" + content("lo.") + DONE, "Hello."),
        ends("an empty data line first", "data:\n\ndata\n\n" + HELLO + DONE, "Hello."),
        ends("an event over two lines", content("Hel") + two + DONE, "Hello."),
        ends("comments", ": a\n\n" + HELLO + ":\n\n: OPENROUTER PROCESSING\n\n" + DONE, "Hello."),
        ends("CRLF", (HELLO + STOP + DONE).replace("\n", "\r\n"), "Hello."),
        ends("CR", (HELLO + STOP + DONE).replace("\n", "\r"), "Hello."),
        ends("no blank behind the colon", (HELLO + DONE).replace("data: ", "data:"), "Hello."),
        ends("no blank lines", (HELLO + STOP + DONE).replace("\n\n", "\n"), "Hello."),
        ends("a mark first", "\uFEFF" + HELLO + DONE, "Hello."),
        ends(
            "named events",
            HELLO.replace("data:", "event: message\nid: 1\ndata:") + DONE,
            "Hello."),
        ends(
            "pings",
            "event: ping\ndata: {\"type\":\"ping\"}\n\ndata: ping\n\n" + HELLO + DONE,
            "Hello."),
        ends(
            "what is no JSON",
            content("Hel") + event("{\"choices\": [") + content("lo.") + DONE,
            "Hello."),
        ends(
            "JSON of other kinds",
            event("[]") + event("42") + event("null") + HELLO + DONE,
            "Hello."),
        fails("nothing but no JSON", EVENTS, event("{\"a\": ") + DONE, "Unavailable", "{\"a\":"),
        fails(
            "much that is no JSON",
            EVENTS,
            HELLO + event("{\"a\": ").repeat(50),
            "Unavailable",
            "could not be understood"),
        fails(
            "no JSON at the end",
            EVENTS,
            HELLO + event("{\"choices\": ["),
            "Unavailable",
            "could not be understood"),
        fails("too large", EVENTS, content("x".repeat(1 << 20)), "Unavailable", "1,048,576"));
  }

  static Stream<Case> texts() {
    String parts = "[{\"type\":\"text\",\"text\":\"Hel\"},{\"type\":\"text\",\"text\":\"lo.\"}]";
    String mistral =
        "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm.\"}]},"
            + "{\"type\":\"text\",\"text\":\"Hello.\"}]}";
    String details = "{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"Hm.\"}]}";
    String thought = "Hm.</think>\n\nHello.";
    return Stream.of(
        ends("a list of parts", delta("{\"content\":" + parts + "}") + DONE, "Hello."),
        ends("a list of strings", delta("{\"content\":[\"Hel\",\"lo.\"]}") + DONE, "Hello."),
        ends(
            "one part",
            delta("{\"content\":{\"type\":\"text\",\"text\":\"Hello.\"}}") + DONE,
            "Hello."),
        ends(
            "parts without text",
            delta("{\"content\":[{\"type\":\"image_url\"},{},null]}") + HELLO + DONE,
            "Hello."),
        ends(
            "a value in a text",
            delta("{\"content\":[{\"type\":\"text\",\"text\":" + "{\"value\":\"Hello.\"}}]}")
                + DONE,
            "Hello."),
        ends("thinking in parts", delta(mistral) + DONE, thought),
        ends("reasoning_content", delta("{\"reasoning_content\":\"Hm.\"}") + HELLO + DONE, thought),
        ends(
            "reasoning", delta("{\"reasoning\":\"Hm.\",\"content\":null}") + HELLO + DONE, thought),
        ends("thinking", delta("{\"thinking\":\"Hm.\"}") + HELLO + DONE, thought),
        ends("reasoning_details", delta(details) + HELLO + DONE, thought),
        ends(
            "both of them",
            delta("{\"reasoning\":\"Hm.\",\"reasoning_content\":\"Hm.\"}") + HELLO + DONE,
            thought),
        ends(
            "both at once",
            delta("{\"reasoning_content\":\"Hm.\",\"content\":\"Hello.\"}") + DONE,
            thought),
        ends(
            "content null",
            delta("{\"role\":\"assistant\",\"content\":null}") + HELLO + DONE,
            "Hello."),
        ends("a role alone", delta("{\"role\":\"assistant\"}") + HELLO + DONE, "Hello."),
        ends("a delta that is null", choice("\"delta\":null") + HELLO + DONE, "Hello."),
        ends("a text for a delta", delta("\"Hello.\"") + DONE, "Hello."),
        ends("a number for a text", delta("{\"content\":42}") + DONE, "42"),
        ends(
            "message",
            choice(
                    "\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},"
                        + "\"finish_reason\":\"stop\"")
                + DONE,
            "Hello."),
        ends("text", choice("\"text\":\"Hel\"") + choice("\"text\":\"lo.\"") + DONE, "Hello."),
        ends("choices null", event("{\"choices\":null}") + event("{}") + HELLO + DONE, "Hello."),
        ends(
            "several choices",
            event(
                    "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"No.\"}},"
                        + "{\"index\":0,\"delta\":{\"content\":\"Hello.\"}}]}")
                + event(
                    "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"No.\"},"
                        + "\"finish_reason\":\"length\"}]}")
                + DONE,
            "Hello."),
        ends(
            "an index as text",
            event("{\"choices\":[{\"index\":\"0\",\"delta\":" + "{\"content\":\"Hello.\"}}]}")
                + DONE,
            "Hello."),
        ends(
            "no index",
            event("{\"choices\":[{\"delta\":{\"content\":\"Hello.\"}}]}") + DONE,
            "Hello."),
        ends(
            "unknown fields",
            event(
                    "{\"x\":[{}],\"choices\":[{\"index\":0,\"y\":{\"z\":1},"
                        + "\"logprobs\":null,\"delta\":{\"content\":\"Hello.\",\"q\":[]}}]}")
                + DONE,
            "Hello."),
        is(
            "a refusal",
            delta("{\"refusal\":\"I cannot.\"}") + STOP + DONE,
            "I cannot.",
            StopReason.WITHHELD),
        is(
            "a call of a tool",
            HELLO
                + delta(
                    "{\"tool_calls\":[{\"index\":0,\"function\":"
                        + "{\"name\":\"f\",\"arguments\":\"{}\"}}]}")
                + STOP
                + DONE,
            "Hello.",
            StopReason.WITHHELD),
        ends(
            "no call of a tool",
            delta(
                    "{\"content\":\"Hello.\",\"tool_calls\":[],"
                        + "\"function_call\":null,\"refusal\":null}")
                + DONE,
            "Hello."),
        ends("halves of an emoji", content("a\\ud83d") + content("\\ude00b") + DONE, "a😀b"),
        ends("half an emoji", content("a\\ud83d") + content("b") + DONE, "a\uFFFDb"),
        ends("half an emoji at the end", content("a\\ud83d") + DONE, "a\uFFFD"),
        ends("the other half", content("\\ude00b") + DONE, "\uFFFDb"));
  }

  static Stream<Case> bytes() {
    ByteArrayOutputStream halves = new ByteArrayOutputStream();
    byte[] emoji = "😀".getBytes(StandardCharsets.UTF_8);
    String[] around = content("|").split("\\|");
    put(halves, around[0], new byte[] {emoji[0], emoji[1]}, around[1]);
    put(halves, around[0], new byte[] {emoji[2], emoji[3]}, around[1]);
    ByteArrayOutputStream surrogates = new ByteArrayOutputStream();
    put(surrogates, around[0], new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0xBD}, around[1]);
    put(surrogates, around[0], new byte[] {(byte) 0xED, (byte) 0xB8, (byte) 0x80}, around[1]);
    ByteArrayOutputStream wrong = new ByteArrayOutputStream();
    put(wrong, around[0], new byte[] {'a', (byte) 0xFF, 'b'}, around[1]);
    return Stream.of(
        raw("UTF-8 over two events", halves, "😀"),
        raw("surrogates as bytes", surrogates, "😀"),
        raw("no UTF-8", wrong, "a\uFFFDb"));
  }

  private static void put(ByteArrayOutputStream out, String first, byte[] middle, String last) {
    out.writeBytes(first.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(middle);
    out.writeBytes(last.getBytes(StandardCharsets.UTF_8));
  }

  private static Case raw(String what, ByteArrayOutputStream bytes, String text) {
    put(bytes, "", new byte[0], DONE);
    return new Case(
        what, EVENTS, bytes.toByteArray(), End.CHUNKED, text, StopReason.END_OF_TURN, null);
  }

  static Stream<Case> counts() {
    return Stream.of(
        count("{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}", true),
        count("{\"prompt_tokens\":\"7\",\"completion_tokens\":\"3\"}", true),
        count("{\"prompt_tokens\":7.0,\"completion_tokens\":3.0}", true),
        count("{\"input_tokens\":7,\"output_tokens\":3}", true),
        count("{\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens_details\":null}", true),
        count(
            "{\"prompt_tokens\":7,\"completion_tokens\":40,\"completion_tokens_details\":"
                + "{\"reasoning_tokens\":38}}",
            true),
        count("{\"prompt_tokens\":-1,\"completion_tokens\":-5,\"total_tokens\":-6}", false),
        count("{\"prompt_tokens\":100,\"completion_tokens\":600000}", false),
        count("{\"prompt_tokens\":7,\"completion_tokens\":99999999999999999999}", false),
        count("{\"prompt_tokens\":9223372036854775807,\"completion_tokens\":3}", false),
        count("{\"prompt_tokens\":1e400,\"completion_tokens\":-1e400}", false),
        count("{\"prompt_tokens\":7,\"completion_tokens\":0}", false),
        count("{\"prompt_tokens\":0,\"completion_tokens\":3}", false),
        count("{\"prompt_tokens\":7,\"completion_tokens\":\"many\"}", false),
        count("{\"prompt_tokens\":null,\"completion_tokens\":null}", false),
        count("{\"prompt_tokens\":{},\"completion_tokens\":[3]}", false),
        count("{}", false),
        count("null", false),
        count("[]", false),
        count("7", false),
        ends(
                "usage in each event",
                event(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                            + "\"Hello.\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}")
                    + event(
                        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
                            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}")
                    + DONE,
                "Hello.")
            .counted(true),
        ends("no usage", HELLO + STOP + DONE, "Hello.").counted(false));
  }

  private static Case count(String usage, boolean counted) {
    return ends("usage " + usage, HELLO + STOP + usage(usage) + DONE, "Hello.").counted(counted);
  }

  static Stream<Case> errors() {
    String quota =
        "{\"error\":{\"message\":\"quota exceeded for this month\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}";
    String vllm =
        "{\"object\":\"error\",\"message\":\"The context of the model is 9999 tokens and you asked for 90000.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}";
    String openRouter =
        "{\"error\":{\"code\":502,\"message\":\"Provider disconnected\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}";
    return Stream.of(
        fails("JSON with 200", JSON, quota, "Unusable", "quota exceeded for this month"),
        fails("JSON as an event", EVENTS, event(quota) + DONE, "Unusable", "quota exceeded"),
        fails("JSON with 200 and no type", EVENTS, quota, "Unusable", "quota exceeded"),
        fails(
            "detail with 200",
            JSON,
            "{\"detail\":\"Not authenticated: api key\"}",
            "Unusable",
            "Not authenticated"),
        fails(
            "detail in a list",
            JSON,
            "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"odd\"}]}",
            "Unavailable",
            "odd"),
        fails(
            "a text for an error",
            JSON,
            "{\"error\":\"model 'x' not found\"}",
            "Unusable",
            "model 'x' not found"),
        fails(
            "an error in a list",
            JSON,
            "[{\"error\":{\"code\":400,\"message\":\"bad\"}}]",
            "Refused",
            "bad"),
        fails(
            "HTML with 200",
            "text/html",
            "<html><title>Sign in</title>\n<p>Please sign in",
            "Unusable",
            "Sign in Please sign in"),
        fails(
            "HTML of a proxy",
            "text/html",
            "<html><body>503 Service Unavailable</body></html>",
            "Unavailable",
            "503 Service Unavailable"),
        fails(
            "a sentence with 200",
            "text/plain",
            "upstream connect error",
            "Unavailable",
            "upstream connect error"),
        fails("an object that is an error", EVENTS, event(vllm) + DONE, "Refused", "9999 tokens"),
        fails(
            "an error event",
            EVENTS,
            "event: error\ndata: {\"message\":\"too hot\"}\n\n",
            "Unavailable",
            "too hot"),
        fails(
            "an error event in words",
            EVENTS,
            "event: error\ndata: rate limit reached\n\n",
            "Unavailable",
            "has too much to do: rate limit reached"),
        fails(
            "an error field",
            EVENTS,
            "error: {\"code\":500,\"message\":\"decode\"}\n\n",
            "Unavailable",
            "decode"),
        fails(
            "a code as text",
            EVENTS,
            event("{\"error\":{\"message\":\"m\",\"code\":\"429\"}}"),
            "Unavailable",
            "has too much to do"),
        fails(
            "no key",
            EVENTS,
            event(
                "{\"error\":{\"message\":\"m\",\"code\":\"invalid_api_key\","
                    + "\"type\":\"invalid_request_error\"}}"),
            "Unusable",
            "does not accept our key"),
        fails(
            "no model",
            EVENTS,
            event(
                "{\"error\":{\"message\":\"m\",\"code\":"
                    + "\"model_not_found\",\"type\":\"invalid_request_error\"}}"),
            "Unusable",
            "has no model"),
        fails(
            "too long",
            EVENTS,
            event("{\"error\":{\"message\":\"m\",\"code\":" + "\"context_length_exceeded\"}}"),
            "Refused",
            "ponder.models.local.context"),
        fails(
            "too fast",
            EVENTS,
            event(
                "{\"error\":{\"message\":\"m\",\"type\":\"tokens\","
                    + "\"code\":\"rate_limit_exceeded\"}}"),
            "Unavailable",
            "has too much to do"),
        fails(
            "overloaded",
            EVENTS,
            event(
                "{\"type\":\"error\",\"error\":{\"type\":"
                    + "\"overloaded_error\",\"message\":\"Overloaded\"}}"),
            "Unavailable",
            "Overloaded"),
        fails(
            "billing",
            EVENTS,
            event("{\"error\":{\"message\":\"m\",\"type\":\"billing_error\"}}"),
            "Unusable",
            "m"),
        fails(
            "quota for a minute",
            EVENTS,
            event(
                "{\"error\":{\"code\":429,\"message\":"
                    + "\"Quota exceeded, please retry in 20s\"}}"),
            "Unavailable",
            "retry in 20s"),
        fails(
            "bad request",
            EVENTS,
            event("{\"error\":{\"message\":\"m\",\"type\":" + "\"invalid_request_error\"}}"),
            "Refused",
            "refused the request: m"),
        fails(
            "a filter before any text",
            EVENTS,
            event("{\"error\":{\"message\":\"m\",\"code\":" + "\"content_filter\"}}"),
            "Refused",
            "refused the request: m"),
        fails("with a choice", EVENTS, event(openRouter), "Unavailable", "Provider disconnected"),
        fails(
            "without a message",
            EVENTS,
            event("{\"error\":{\"a\":1}}"),
            "Unavailable",
            "{\"a\":1}"),
        fails("after text", EVENTS, HELLO + event(openRouter), "Unavailable", "disconnected"),
        fails("quota after text", EVENTS, HELLO + event(quota), "Unusable", "quota exceeded"),
        fails(
            "a refusal after text",
            EVENTS,
            HELLO + event("{\"error\":{\"message\":\"m\"," + "\"code\":400}}"),
            "Unavailable",
            "broke off"),
        is(
            "too long after text",
            HELLO
                + event(
                    "{\"error\":{\"message\":\"m\",\"code\":" + "\"context_length_exceeded\"}}"),
            "Hello.",
            StopReason.CONTEXT_FULL),
        is(
            "a filter after text",
            HELLO + event("{\"error\":{\"message\":\"m\",\"code\":" + "\"content_filter\"}}"),
            "Hello.",
            StopReason.WITHHELD),
        ends(
            "no error at all",
            event(
                    "{\"error\":null,\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"content\":\"Hello.\"}}]}")
                + event("{\"error\":\"\"}")
                + DONE,
            "Hello."));
  }

  static Stream<Case> wholes() {
    String body =
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"reasoning_content\":\"Hm.\",\"content\":\"Hello.\"},\"finish_reason\":\"%s\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}";
    Case whole =
        new Case(
            "an answer that is no stream",
            JSON,
            body.formatted("stop").getBytes(StandardCharsets.UTF_8),
            End.CHUNKED,
            "Hm.</think>\n\nHello.",
            StopReason.END_OF_TURN,
            false);
    return Stream.of(
        whole,
        whole.over(End.CLOSED),
        new Case(
            "lines of JSON",
            "application/x-ndjson",
            (HELLO + STOP)
                .replace("data: ", "")
                .replace("\n\n", "\n")
                .getBytes(StandardCharsets.UTF_8),
            End.CHUNKED,
            "Hello.",
            StopReason.END_OF_TURN,
            null),
        new Case(
            "with a limit",
            JSON,
            body.formatted("length").getBytes(StandardCharsets.UTF_8),
            End.CHUNKED,
            "Hm.</think>\n\nHello.",
            StopReason.LIMIT,
            false));
  }

  @BeforeAll
  static void getsToKnowTheServer() {
    SERVER.answers(WhatServersSendTests::acquaintance);
    engine =
        new OpenAiEngine(
            new OpenAiModel(
                "local",
                "thinker",
                SERVER.url(),
                ApiKey.of("sk-very-secret-0815"),
                Continuation.NONE,
                null,
                32_768),
            OpenAiSettings.defaults(),
            InstantSource.system());
    engine.capabilities();
  }

  static void acquaintance(String request, Wire wire) throws IOException {
    wire.head(200, "Content-Type: text/event-stream").send(content("one, two") + STOP + DONE);
  }

  @AfterAll
  static void close() {
    engine.close();
    SERVER.close();
  }

  private record Read(String text, int tokens, @Nullable Completion completion) {}

  private static Read read(TokenStream stream, StringBuilder text) {
    int tokens = 0;
    for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
      text.append(piece.text());
      tokens += piece.tokens();
    }
    return new Read(text.toString(), tokens, stream.completion());
  }

  static GenerationRequest request() {
    return new GenerationRequest(
        new Conversation("Be brief.", "What is it?"),
        Written.NOTHING,
        new Sampling(0, 1, 0, 0, 0, 1),
        7,
        100,
        Deadline.in(Duration.ofMinutes(1), InstantSource.system()),
        "job/1");
  }

  private static void answer(Case it) {
    SERVER.answers(
        (request, wire) -> {
          switch (it.end()) {
            case CLOSED -> wire.head(200, "Content-Type: " + it.type()).send(it.bytes());
            case CHUNKED, CUT, RESET -> {
              wire.head(200, "Content-Type: " + it.type(), "Transfer-Encoding: chunked");
              wire.chunk(it.bytes());
              if (it.end() == End.CHUNKED) {
                wire.send("0\r\n\r\n");
              } else if (it.end() == End.RESET) {
                // A reset takes back what has not been read.
                Thread.sleep(100);
                wire.reset();
              }
            }
          }
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"finishes", "ends", "events", "texts", "bytes", "counts", "errors", "wholes"})
  void textThatCameIsKeptAndFailuresSayWhatTheServerSaid(Case it) {
    answer(it);
    StringBuilder text = new StringBuilder();

    if (it.reason() == null) {
      Throwable failure = catchThrowable(() -> read(engine.open(request()), text));

      int colon = it.text().indexOf(':');
      assertThat(failure).isInstanceOf(EngineException.class);
      assertThat(failure.getClass().getSimpleName()).isEqualTo(it.text().substring(0, colon));
      assertThat(failure).hasMessageContaining(it.text().substring(colon + 1));
      return;
    }
    Read read = read(engine.open(request()), text);

    assertThat(read.text()).isEqualTo(it.text());
    assertThat(read.completion().reason()).isEqualTo(it.reason());
    assertThat(read.tokens()).isEqualTo(read.completion().usage().written()).isBetween(1, 100);
    assertThat(read.completion().usage().prompt()).isBetween(1, 1000);
    if (it.estimated() != null) {
      assertThat(read.completion().estimated()).isEqualTo(it.estimated());
    }
  }

  @Test
  void whatCameBeforeAnErrorIsRead() {
    answer(fails("", EVENTS, content("Hello.") + event("{\"error\":{\"message\":\"m\"}}"), "", ""));
    StringBuilder text = new StringBuilder();

    catchThrowable(() -> read(engine.open(request()), text));

    assertThat(text).hasToString("Hello.");
  }

  @Test
  void aServerThatKeepsTheConnectionAfterItsLastWordIsNotWaitedFor() {
    SERVER.answers(
        (request, wire) -> {
          wire.head(200, "Content-Type: text/event-stream").send(HELLO + STOP);
          wire.millisUntilClosed();
        });
    long began = System.nanoTime();

    Read read = read(engine.open(request()), new StringBuilder());

    assertThat(read.text()).isEqualTo("Hello.");
    assertThat(read.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
  }

  @Test
  void allOfThemAreMany() {
    assertThat(
            Stream.of(finishes(), ends(), events(), texts(), bytes(), counts(), errors(), wholes())
                .flatMap(it -> it)
                .toList())
        .hasSizeGreaterThan(120)
        .extracting(Case::what)
        .doesNotHaveDuplicates();
    assertThat(List.of(End.values())).hasSize(4);
  }
}
