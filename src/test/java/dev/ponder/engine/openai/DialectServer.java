package dev.ponder.engine.openai;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A small server that speaks the protocol as servers do that are too large for a test. It "knows"
/// one text, and writes a word of it for each token; whether it goes on with a text, where it puts
/// its reasoning, and how it ends are its dialect. It remembers what it was asked.
public final class DialectServer implements AutoCloseable {

  /// Its text: a thought, and a conclusion.
  public static final List<String> THOUGHT =
      List.of(
          "one,",
          " two,",
          " three,",
          " four,",
          " five,",
          " six,",
          " seven,",
          " eight,",
          " nine,",
          " ten,",
          " eleven,",
          " twelve,",
          " thirteen,",
          " fourteen.");

  public static final List<String> CONCLUSION = List.of("So", " it", " is", " forty-", "two.");

  private static final int PROMPT_TOKENS = 20;

  private final HttpServer server;
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final Deque<Refusal> refusals = new ArrayDeque<>();
  private final List<String> models = new CopyOnWriteArrayList<>(List.of("thinker"));
  private volatile String field = "reasoning_content";
  private volatile boolean usage = true;
  private volatile Way way = Way.NONE;
  private volatile int breaksAfter = Integer.MAX_VALUE;
  private volatile @Nullable String errorEvent;
  private volatile String finish = "stop";
  private volatile @Nullable CountDownLatch hangs;
  private volatile long millisPerToken;
  private final CountDownLatch gone = new CountDownLatch(1);

  /// How it goes on with a text.
  public enum Way {
    /// It takes no notice and begins anew.
    NONE,
    /// With `continue_final_message`, after the opening of a thought.
    FINAL_MESSAGE,
    /// It refuses a last message of the assistant.
    REFUSES
  }

  private record Refusal(int status, Map<String, String> headers, String body) {}

  public DialectServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/models", this::list);
    server.createContext("/v1/chat/completions", this::chat);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:%d".formatted(server.getAddress().getPort()));
  }

  /// Puts its reasoning here; empty leaves it in the content with its tags.
  public DialectServer reasoningIn(String name) {
    field = name;
    return this;
  }

  public DialectServer goesOn(Way how) {
    way = how;
    return this;
  }

  public DialectServer withoutUsage() {
    usage = false;
    return this;
  }

  public DialectServer named(String... names) {
    models.clear();
    models.addAll(List.of(names));
    return this;
  }

  /// Closes the connection after so many tokens of an answer.
  public DialectServer breaksAfter(int tokens) {
    breaksAfter = tokens;
    return this;
  }

  /// Sends this in place of the next token once [#breaksAfter] is reached.
  public DialectServer sends(String event) {
    errorEvent = event;
    return this;
  }

  public DialectServer finishesWith(String reason) {
    finish = reason;
    return this;
  }

  public DialectServer takes(long millis) {
    millisPerToken = millis;
    return this;
  }

  /// Writes nothing after the first token, until it is closed.
  public DialectServer hangs() {
    hangs = new CountDownLatch(1);
    return this;
  }

  /// Refuses the next request for an answer.
  public synchronized DialectServer refuses(int status, String body, String... headers) {
    refusals.add(
        new Refusal(status, headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]), body));
    return this;
  }

  private synchronized @Nullable Refusal refusal() {
    return refusals.poll();
  }

  /// Requests for answers, in their order.
  public List<JsonNode> asked() {
    return asked;
  }

  public List<String> keys() {
    return keys;
  }

  /// Whether the client has closed the connection of an answer that was being written.
  public boolean clientIsGone() throws InterruptedException {
    return gone.await(30, TimeUnit.SECONDS);
  }

  private void list(HttpExchange exchange) throws IOException {
    key(exchange);
    List<String> data =
        models.stream()
            .map("{\"id\": \"%s\", \"object\": \"model\", \"max_model_len\": 4096}"::formatted)
            .toList();
    send(exchange, 200, "{\"object\": \"list\", \"data\": [%s]}".formatted(String.join(",", data)));
  }

  private void key(HttpExchange exchange) {
    String key = exchange.getRequestHeaders().getFirst("Authorization");
    keys.add(key == null ? "none" : key);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void chat(HttpExchange exchange) throws IOException {
    key(exchange);
    JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    asked.add(request);
    Refusal refusal = refusal();
    JsonNode last = request.get("messages").get(request.get("messages").size() - 1);
    boolean goesOn = last.get("role").asString().equals("assistant");
    if (refusal != null) {
      refusal.headers().forEach(exchange.getResponseHeaders()::set);
      send(exchange, refusal.status(), refusal.body());
    } else if (goesOn && way == Way.REFUSES) {
      send(exchange, 400, "{\"error\": {\"message\": \"the last message has to be the user's\"}}");
    } else {
      boolean asked = request.path("continue_final_message").asBoolean(false);
      String before =
          goesOn && asked && way == Way.FINAL_MESSAGE ? last.get("content").asString() : "";
      answer(exchange, before, request.get("max_tokens").intValue());
    }
  }

  /// A token as it is written: in the thought or after it.
  private record Token(String text, boolean thought) {}

  private static List<Token> after(String before) {
    List<Token> left = new ArrayList<>();
    String text = "";
    for (String word : THOUGHT) {
      text += word;
      if (text.length() > before.length()) {
        left.add(new Token(word, true));
      }
    }
    if (before.contains("</think>")) {
      left.clear();
    }
    text = before.contains("</think>") ? before.substring(0, before.indexOf("</think>")) : text;
    text += "</think>\n\n";
    for (String word : CONCLUSION) {
      text += word;
      if (text.length() > before.length()) {
        left.add(new Token(word, false));
      }
    }
    return left;
  }

  private static int tokensIn(String before) {
    return THOUGHT.size() + CONCLUSION.size() - after(before).size();
  }

  private void answer(HttpExchange exchange, String before, int most) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    List<Token> all = after(before);
    List<Token> tokens = all.subList(0, Math.min(most, all.size()));
    try (OutputStream out = exchange.getResponseBody()) {
      event(
          out,
          "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}");
      boolean opened = before.isEmpty();
      boolean closed = before.contains("</think>");
      for (int i = 0; i < tokens.size(); i++) {
        if (i == breaksAfter) {
          if (errorEvent != null) {
            event(out, errorEvent);
          }
          return;
        }
        Token token = tokens.get(i);
        event(out, delta(token, opened && i == 0, !token.thought() && !closed));
        closed |= !token.thought();
        pause(i);
      }
      end(out, tokens.size() < all.size() ? "length" : finish, before, tokens.size());
    } catch (IOException e) {
      gone.countDown();
      throw e;
    }
  }

  private void pause(int i) {
    try {
      CountDownLatch latch = hangs;
      if (latch != null && i == 0) {
        latch.await();
      }
      TimeUnit.MILLISECONDS.sleep(millisPerToken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String delta(Token token, boolean first, boolean closes) {
    if (field.isEmpty()) {
      String text = (first ? "<think>\n" : "") + (closes ? "\n</think>\n\n" : "") + token.text();
      return choice("\"content\":" + quoted(text));
    }
    if (!token.thought()) {
      return choice("\"content\":" + quoted(token.text()));
    }
    return choice("\"%s\":%s,\"content\":null".formatted(field, quoted(token.text())));
  }

  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static String choice(String delta) {
    return "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":null}]}"
        .formatted(delta);
  }

  private void end(OutputStream out, String reason, String before, int written) throws IOException {
    event(
        out,
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}"
            .formatted(reason));
    if (usage) {
      int prompt = PROMPT_TOKENS + tokensIn(before);
      event(
          out,
          "{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}"
              .formatted(prompt, written, prompt + written));
    }
    event(out, "[DONE]");
  }

  private static void event(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    CountDownLatch latch = hangs;
    if (latch != null) {
      latch.countDown();
    }
    server.stop(0);
  }
}
