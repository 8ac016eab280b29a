package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.Quote;
import dev.ponder.engine.http.Credentials;
import dev.ponder.engine.http.EventStream;
import dev.ponder.engine.http.RetryAfter;
import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.http.ServerJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Single requests to one server, with its failures put into our words.
final class Calls implements ServerHttp.Failures, AutoCloseable {
  /// What a llama-server answers without its key.
  private static final String OPEN_TO_ALL = "health";

  private final String model;
  private final URI base;
  private final InstantSource now;
  private final Credentials credentials;
  private final ServerHttp http;
  private volatile boolean broken;

  Calls(ServerConnection server, LlamaServerSettings settings, InstantSource now) {
    this.now = now;
    this.model = server.model();
    String text = server.address().toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.credentials = new Credentials(model, server.address(), server.key(), "LLAMA_API_KEY");
    this.http = new ServerHttp(settings.answerLimit(), this, server.transport());
  }

  byte[] get(String path, Duration limit) {
    return whole(path, request(path, limit).GET().build());
  }

  byte[] post(String path, Duration limit, Consumer<JsonGenerator> body) {
    return whole(path, posting(path, limit, body));
  }

  private byte[] whole(String path, HttpRequest request) {
    byte[] answer = http.whole(path, request);
    if (!path.equals(OPEN_TO_ALL)) {
      credentials.accepted();
    }
    return answer;
  }

  /// Whether the server refuses the key, as far as it was asked.
  boolean keyRefused() {
    return credentials.refusal() != null;
  }

  /// Why it does, if it does.
  EngineException.@Nullable Unusable keyRefusal() {
    return credentials.refusal();
  }

  /// Posts and hands over the events of the answer once it has begun.
  EventStream stream(String path, Duration limit, Consumer<JsonGenerator> body) {
    EventStream events = http.stream(path, posting(path, limit, body));
    credentials.accepted();
    return events;
  }

  private HttpRequest posting(String path, Duration limit, Consumer<JsonGenerator> body) {
    return request(path, limit)
        .header("Content-Type", "application/json; charset=utf-8")
        .POST(HttpRequest.BodyPublishers.ofByteArray(object(body)))
        .build();
  }

  private HttpRequest.Builder request(String path, Duration limit) {
    return credentials.authorize(ServerHttp.request(base.resolve(path), limit));
  }

  private static byte[] object(Consumer<JsonGenerator> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    try (JsonGenerator json =
        ServerJson.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  @Override
  public EngineException refused(String path, HttpResponse<?> response, byte[] body) {
    Event.ServerError error = null;
    try {
      error = Event.parse(body, 0, body.length).error;
    } catch (JacksonException e) {
      // A proxy in between answers in HTML, for example.
    }
    return translate(
        path,
        response.statusCode(),
        error == null ? Quote.of(body) : error.message(),
        RetryAfter.in(response.headers(), now));
  }

  /// What a status means for the caller: whether it may work later, or never.
  EngineException translate(
      String path, int status, String message, @Nullable Duration retryAfter) {
    String quote = credentials.hiddenIn(Quote.of(message));
    String reason = quote.isEmpty() ? "no reason given" : quote;
    String said = "status %d (%s)".formatted(status, reason);
    return meaning(path, status, reason, said, retryAfter).quoting(quote);
  }

  private EngineException meaning(
      String path, int status, String reason, String said, @Nullable Duration retryAfter) {
    if (status == 401 || status == 403) {
      return credentials.refused(said);
    }
    if (status == 404 || status == 405 || status == 501) {
      return new EngineException.Unusable(
          "The server of model %s at %s cannot do /%s: %s. Check that it is a llama-server and how it was started."
              .formatted(model, base, path, said),
          null);
    }
    if (status >= 400 && status < 500 && status != 408 && status != 429) {
      return new EngineException.Refused(
          "Model %s refused the request: %s".formatted(model, reason));
    }
    return new EngineException.Unavailable(
        "The server of model %s at %s cannot answer now: %s. Try again later."
            .formatted(model, base, said),
        null,
        retryAfter);
  }

  @Override
  public EngineException.Unavailable unavailable(String what, @Nullable Throwable cause) {
    broken |= cause instanceof IOException;
    return new EngineException.Unavailable(
        "The server of model %s at %s %s.".formatted(model, base, what), cause);
  }

  /// Whether a connection has failed since this was asked last: another server may listen now.
  boolean broken() {
    boolean was = broken;
    broken = false;
    return was;
  }

  /// The answer to that is still to come.
  void doubt() {
    broken = true;
  }

  @Override
  public void close() {
    http.close();
  }
}
