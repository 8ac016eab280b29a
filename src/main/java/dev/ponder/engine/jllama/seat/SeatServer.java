package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.http.ServerJson;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The part of llama-server's protocol that Ponder uses, for the one process at the other end of
/// the pipes.
public final class SeatServer {
  static final JsonFactory JSON = ServerJson.FACTORY;
  private static final int BODY_MAX = 8 << 20;
  private static final int HEAD_MAX = 1 << 10;
  private static final int SPARE_THREADS = 16;
  private static final String OWED = "owed_ms";

  /// The native tokenizer recurses; 1,000 letters, the longest run outside of its own thread, take
  /// some 300 kB.
  static final int THREAD_STACK = 2 << 20;

  private final SeatOptions options;
  private final DataOutputStream out;
  private final ThreadPoolExecutor threads;
  private final ConcurrentHashMap<Integer, SeatCall> calls = new ConcurrentHashMap<>();
  private final Map<String, Route> routes =
      Map.of(
          "/health", new Route("GET", this::health),
          "/props", new Route("GET", this::props),
          "/tokenize", new Route("POST", this::tokenize),
          "/apply-template", new Route("POST", this::applyTemplate),
          "/completion", new Route("POST", this::complete));
  private volatile @Nullable Loaded loaded;

  /// What requests need once the model is there.
  private record Loaded(SeatModel model, ChatMl template, Completions completions) {}

  private record Route(String method, Handler handler) {}

  private interface Handler {
    void handle(SeatCall call, Loaded loaded) throws IOException;
  }

  /// @param out to the parent; whoever writes holds its lock
  SeatServer(SeatOptions options, DataOutputStream out) {
    this.options = options;
    this.out = out;
    int most = options.model().sequences() + options.waitingMax() + SPARE_THREADS;
    this.threads =
        new ThreadPoolExecutor(
            2,
            most,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(null, task, "request", THREAD_STACK);
              thread.setDaemon(true);
              return thread;
            });
  }

  /// Takes requests until the parent sends no more.
  void read(DataInputStream in) throws IOException {
    Frame next;
    while ((next = Frame.read(in, HEAD_MAX + BODY_MAX)) != null) {
      if (next.kind() == Frame.REQUEST) {
        begin(SeatCall.of(next, out));
      } else {
        SeatCall call = calls.get(next.request());
        if (call != null) {
          call.leave();
        }
      }
    }
  }

  private void begin(SeatCall call) throws IOException {
    calls.put(call.number(), call);
    try {
      threads.execute(() -> run(call));
    } catch (RejectedExecutionException e) {
      calls.remove(call.number());
      refuse(call, RequestProblem.busy(options.waitingMax()));
    }
  }

  private void run(SeatCall call) {
    try (call) {
      answer(call);
    } catch (IOException e) {
      // Its reader is gone, and knows why.
    } finally {
      calls.remove(call.number());
    }
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
    threads.shutdownNow();
  }

  private void answer(SeatCall call) throws IOException {
    try {
      if (call.body() == null) {
        throw new RequestProblem(
            413,
            "invalid_request_error",
            "The body is larger than %,d bytes, the limit.".formatted(BODY_MAX),
            Map.of());
      }
      Route route = routes.get(call.path());
      if (route == null) {
        throw new RequestProblem(
            404,
            "not_found_error",
            "A seat has nothing at %s.".formatted(RequestJson.shorten(call.path())),
            Map.of());
      }
      if (!call.method().equals(route.method())) {
        throw new RequestProblem(
            405,
            "invalid_request_error",
            "%s takes %s.".formatted(call.path(), route.method()),
            Map.of());
      }
      Loaded it = loaded;
      if (it == null) {
        throw RequestProblem.loading();
      }
      route.handler().handle(call, it);
    } catch (RequestProblem problem) {
      refuse(call, problem);
    } catch (RuntimeException e) {
      refuse(call, new RequestProblem(500, "server_error", String.valueOf(e), Map.of()));
    }
  }

  private void health(SeatCall call, Loaded it) throws IOException {
    respond(
        call,
        200,
        json -> {
          json.writeStringProperty("status", "ok");
          json.writeNumberProperty(OWED, it.model().owedMillis());
        });
  }

  /// How long the native engine has owed a result, as the answer to `/health` says it.
  public static long owedMillis(byte[] health) {
    long[] owed = {0};
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), health, 0, health.length)) {
      while (json.nextToken() != null) {
        if (OWED.equals(json.currentName()) && json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          owed[0] = json.getLongValue();
        }
      }
    }
    return owed[0];
  }

  private void props(SeatCall call, Loaded it) throws IOException {
    GgufHeader header = it.model().header();
    respond(
        call,
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

  private void tokenize(SeatCall call, Loaded it) throws IOException {
    String[] content = {null};
    RequestJson.object(
        body(call),
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
        call,
        200,
        json -> {
          json.writeName("tokens");
          json.writeArray(ids, 0, ids.length);
        });
  }

  private void applyTemplate(SeatCall call, Loaded it) throws IOException {
    List<ChatMl.Message> messages = new ArrayList<>();
    RequestJson.object(
        body(call),
        (name, value) -> {
          if (!name.equals("messages")) {
            throw RequestProblem.invalid("The field %s is unknown.".formatted(name));
          }
          messages.addAll(ChatMl.messages(value));
        });
    String prompt = it.template().render(messages);
    respond(call, 200, json -> json.writeStringProperty("prompt", prompt));
  }

  private void complete(SeatCall call, Loaded it) throws IOException {
    CompletionRequest request =
        CompletionRequest.parse(
            body(call), it.model().header().vocabulary(), options.model().sequences());
    it.completions().stream(call, request.rendered(it.template()));
  }

  private static JsonParser body(SeatCall call) {
    byte[] bytes = call.body();
    return JSON.createParser(
        ObjectReadContext.empty(),
        bytes == null ? new byte[0] : bytes,
        0,
        bytes == null ? 0 : bytes.length);
  }

  private static void refuse(SeatCall call, RequestProblem problem) throws IOException {
    if (!call.hasBegun()) { // Otherwise the client sees it break off.
      call.answer(
          problem.status(), problem.status() == 503 ? 1 : 0, object(json -> error(json, problem)));
    }
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

  private static void respond(SeatCall call, int status, Consumer<JsonGenerator> members)
      throws IOException {
    call.answer(status, 0, object(members));
  }

  private static byte[] object(Consumer<JsonGenerator> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    writeObject(bytes, members);
    return bytes.toByteArray();
  }

  static void writeObject(ByteArrayOutputStream bytes, Consumer<JsonGenerator> members) {
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
  }
}
