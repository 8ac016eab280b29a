package dev.ponder.engine.jllama;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ponder.engine.GgufHeader;
import dev.ponder.engine.ServerJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The part of llama-server's HTTP protocol that Ponder uses, on loopback, for whoever has the
/// token.
final class SeatServer {
  static final JsonFactory JSON = ServerJson.FACTORY;
  private static final int BODY_MAX = 8 << 20;
  private static final int DRAINED_MAX = 4 * BODY_MAX;
  private static final int SPARE_THREADS = 16;

  /// The native tokenizer recurses; 1,000 letters, the longest run outside of its own thread, take
  /// some 300 kB.
  static final int THREAD_STACK = 2 << 20;

  private final SeatOptions options;
  private final byte[] authorization;
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private volatile @Nullable Loaded loaded;

  /// What requests need once the model is there.
  private record Loaded(SeatModel model, ChatMl template, Completions completions) {}

  private interface Handler {
    void handle(HttpExchange exchange, Loaded loaded) throws IOException;
  }

  SeatServer(SeatOptions options, String token) throws IOException {
    this.options = options;
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    int most = options.model().sequences() + options.waitingMax() + SPARE_THREADS;
    this.threads =
        new ThreadPoolExecutor(
            2,
            most,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(null, task, "http", THREAD_STACK);
              thread.setDaemon(true);
              return thread;
            });
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), most);
    server.setExecutor(threads);
    server.createContext("/", this::unknown);
    server.createContext("/health", this::health);
    route("/props", "GET", (exchange, it) -> props(exchange, it));
    route("/tokenize", "POST", this::tokenize);
    route("/apply-template", "POST", this::applyTemplate);
    route("/completion", "POST", this::complete);
  }

  int start() {
    server.start();
    return server.getAddress().getPort();
  }

  void serve(SeatModel model) {
    loaded = new Loaded(model, new ChatMl(model.header()), new Completions(model, options));
  }

  /// Refuses new work and ends what runs; returns when nothing reads the engine or time is over.
  void stop(long millis) throws InterruptedException {
    Loaded it = loaded;
    loaded = null;
    if (it != null) {
      it.completions().stop(millis);
    }
    server.stop(0);
    threads.shutdownNow();
  }

  private void route(String path, String method, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer(exchange, path, method, handler);
          }
        });
  }

  private void answer(HttpExchange exchange, String path, String method, Handler handler)
      throws IOException {
    try {
      if (!allowed(exchange)) {
        throw new RequestProblem(
            401, "authentication_error", "The token is missing or wrong.", Map.of());
      }
      if (!exchange.getRequestURI().getPath().equals(path)) {
        throw notFound(exchange);
      }
      if (!exchange.getRequestMethod().equals(method)) {
        throw new RequestProblem(
            405, "invalid_request_error", "%s takes %s.".formatted(path, method), Map.of());
      }
      Loaded it = loaded;
      if (it == null) {
        throw RequestProblem.loading();
      }
      handler.handle(exchange, it);
    } catch (RequestProblem problem) {
      refuse(exchange, problem);
    } catch (RuntimeException e) {
      refuse(exchange, new RequestProblem(500, "server_error", String.valueOf(e), Map.of()));
    }
  }

  private boolean allowed(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return given != null
        && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization);
  }

  private void unknown(HttpExchange exchange) throws IOException {
    try (exchange) {
      refuse(exchange, notFound(exchange));
    }
  }

  private static RequestProblem notFound(HttpExchange exchange) {
    String path = RequestJson.shorten(exchange.getRequestURI().getPath());
    return new RequestProblem(
        404, "not_found_error", "A seat has nothing at %s.".formatted(path), Map.of());
  }

  private void health(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (loaded == null) {
        refuse(exchange, RequestProblem.loading());
      } else {
        respond(exchange, 200, json -> json.writeStringProperty("status", "ok"));
      }
    }
  }

  private void props(HttpExchange exchange, Loaded it) throws IOException {
    GgufHeader header = it.model().header();
    respond(
        exchange,
        200,
        json -> {
          json.writeNumberProperty("total_slots", options.model().sequences());
          json.writeStringProperty("model_path", header.file().toString());
          json.writeStringProperty("model_alias", options.model().name());
          json.writeStringProperty("chat_template", header.chatTemplate().orElse(""));
          json.writeStringProperty("bos_token", header.beginOfText().orElse(""));
          json.writeStringProperty("eos_token", header.endOfTurn().orElse(""));
          // Ours: jllama never says which ids it sampled.
          json.writeBooleanProperty("return_tokens", false);
          // Ours too: a completion takes messages and the text written so far, saving a request.
          json.writeBooleanProperty("completion_messages", true);
          json.writeName("default_generation_settings");
          json.writeStartObject();
          json.writeNumberProperty("n_ctx", options.model().contextTokens());
          json.writeEndObject();
        });
  }

  private void tokenize(HttpExchange exchange, Loaded it) throws IOException {
    String[] content = {null};
    RequestJson.object(
        body(exchange),
        (name, value) -> {
          switch (name) {
            case "content" -> content[0] = RequestJson.text(name, value);
            case "add_special", "parse_special" -> RequestJson.bool(name, value);
            default -> throw RequestProblem.invalid("The field %s is unknown.".formatted(name));
          }
        });
    if (content[0] == null) {
      throw RequestProblem.invalid("content is missing.");
    }
    int[] ids = it.model().encode(content[0]);
    respond(
        exchange,
        200,
        json -> {
          json.writeName("tokens");
          json.writeArray(ids, 0, ids.length);
        });
  }

  private void applyTemplate(HttpExchange exchange, Loaded it) throws IOException {
    List<ChatMl.Message> messages = new ArrayList<>();
    RequestJson.object(
        body(exchange),
        (name, value) -> {
          if (!name.equals("messages")) {
            throw RequestProblem.invalid("The field %s is unknown.".formatted(name));
          }
          messages.addAll(ChatMl.messages(value));
        });
    String prompt = it.template().render(messages);
    respond(exchange, 200, json -> json.writeStringProperty("prompt", prompt));
  }

  private void complete(HttpExchange exchange, Loaded it) throws IOException {
    CompletionRequest request =
        CompletionRequest.parse(
            body(exchange), it.model().header().vocabulary(), options.model().sequences());
    it.completions().stream(exchange, request.rendered(it.template()));
  }

  private static JsonParser body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
    if (bytes.length > BODY_MAX) {
      // A client that still writes when its connection closes may never read why.
      drain(exchange.getRequestBody());
      // What was not read would be taken for the next request, so there is none.
      exchange.getResponseHeaders().set("Connection", "close");
      throw new RequestProblem(
          413,
          "invalid_request_error",
          "The body is larger than %,d bytes, the limit.".formatted(BODY_MAX),
          Map.of());
    }
    return JSON.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length);
  }

  private static void drain(InputStream body) throws IOException {
    byte[] waste = new byte[64 << 10];
    long drained = 0;
    int length;
    while (drained < DRAINED_MAX && (length = body.read(waste)) >= 0) {
      drained += length;
    }
  }

  private static void refuse(HttpExchange exchange, RequestProblem problem) throws IOException {
    if (exchange.getResponseCode() >= 0) {
      return; // The answer has begun; the client sees it break off.
    }
    if (problem.status() == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    respond(exchange, problem.status(), json -> error(json, problem));
  }

  static void error(JsonGenerator json, RequestProblem problem) {
    json.writeName("error");
    json.writeStartObject();
    json.writeNumberProperty("code", problem.status());
    json.writeStringProperty("message", problem.getMessage());
    json.writeStringProperty("type", problem.type());
    problem.numbers().forEach(json::writeNumberProperty);
    json.writeEndObject();
  }

  private static void respond(HttpExchange exchange, int status, Consumer<JsonGenerator> members)
      throws IOException {
    byte[] bytes = object(members);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static byte[] object(Consumer<JsonGenerator> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
