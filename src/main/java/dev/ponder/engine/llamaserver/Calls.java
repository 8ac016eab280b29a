package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EventBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Single requests to one server, with its failures put into our words.
final class Calls implements AutoCloseable {
  private static final int ERROR_MAX = 64 << 10;

  /// A llama-server promises to keep a connection and closes it after each stream. A request that
  /// takes it up at that moment fails at once, and gets its answer over another one.
  private static final Duration STALE = Duration.ofSeconds(1);

  private final String model;
  private final URI base;
  private final @Nullable String key;
  private final LlamaServerSettings settings;
  private final HttpClient http;
  private volatile boolean broken;

  Calls(String model, URI base, @Nullable String key, LlamaServerSettings settings) {
    this.model = model;
    String text = base.toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.key = key;
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .build();
  }

  byte[] get(String path, Duration limit) {
    return whole(path, request(path, limit).GET().build());
  }

  byte[] post(String path, Duration limit, Consumer<JsonGenerator> body) {
    return whole(path, posting(path, limit, body));
  }

  /// Posts and hands over the events of the answer once it has begun.
  EventBytes stream(String path, Duration limit, Consumer<JsonGenerator> body) {
    HttpResponse<EventBytes> response =
        send(path, posting(path, limit, body), info -> new EventBytes(settings.eventBytesMax()));
    EventBytes events = response.body();
    if (response.statusCode() != 200) {
      throw refusal(path, response, errorBody(events));
    }
    return events;
  }

  private byte[] whole(String path, HttpRequest request) {
    HttpResponse<byte[]> response = send(path, request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw refusal(path, response, response.body());
    }
    return response.body();
  }

  private <T> HttpResponse<T> send(
      String path, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return answered(request, handler);
    } catch (IOException e) {
      throw unavailable("did not answer /" + path + ": " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for, because the caller was interrupted", e);
    }
  }

  private <T> HttpResponse<T> answered(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    long started = System.nanoTime();
    try {
      return http.send(request, handler);
    } catch (ConnectException | HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (System.nanoTime() - started > STALE.toNanos()) {
        throw e;
      }
      return http.send(request, handler);
    }
  }

  static String reason(Throwable e) {
    if (e instanceof ConnectException) {
      return "no connection, nothing seems to listen there";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private HttpRequest posting(String path, Duration limit, Consumer<JsonGenerator> body) {
    return request(path, limit)
        .header("Content-Type", "application/json; charset=utf-8")
        .POST(HttpRequest.BodyPublishers.ofByteArray(object(body)))
        .build();
  }

  private HttpRequest.Builder request(String path, Duration limit) {
    // The client refuses a limit of zero; a deadline that is over still gets its answer refused.
    Duration least = limit.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : limit;
    HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path)).timeout(least);
    return key == null ? builder : builder.header("Authorization", "Bearer " + key);
  }

  private static byte[] object(Consumer<JsonGenerator> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    try (JsonGenerator json = Event.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private byte[] errorBody(EventBytes events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      int length;
      while ((length = events.next(settings.answerLimit().toMillis())) >= 0
          && body.size() < ERROR_MAX) {
        body.write(events.line(), 0, length);
      }
    } catch (IOException e) {
      // A broken error message is still an error; its status says enough.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      events.close();
    }
    return body.toByteArray();
  }

  private EngineException refusal(String path, HttpResponse<?> response, byte[] body) {
    Event.ServerError error = null;
    try {
      error = Event.parse(body, 0, body.length).error;
    } catch (JacksonException e) {
      // A proxy in between answers in HTML, for example.
    }
    return translate(
        path,
        response.statusCode(),
        error == null ? "no reason given" : error.message(),
        response.headers().firstValue("Retry-After").map(Calls::seconds).orElse(null));
  }

  private static @Nullable Duration seconds(String retryAfter) {
    try {
      return Duration.ofSeconds(Math.clamp(Long.parseLong(retryAfter.strip()), 0, 3600));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /// What a status means for the caller: whether it may work later, or never.
  EngineException translate(
      String path, int status, String message, @Nullable Duration retryAfter) {
    String said = "status %d (%s)".formatted(status, message);
    if (status == 401 || status == 403) {
      return new EngineException.Unusable(
          "The server of model %s at %s does not accept our key: %s. Configure the key it was started with."
              .formatted(model, base, said),
          null);
    }
    if (status == 404 || status == 405 || status == 501) {
      return new EngineException.Unusable(
          "The server of model %s at %s cannot do /%s: %s. Check that it is a llama-server and how it was started."
              .formatted(model, base, path, said),
          null);
    }
    if (status >= 400 && status < 500 && status != 408 && status != 429) {
      return new EngineException.Refused(
          "Model %s refused the request: %s".formatted(model, message));
    }
    return new EngineException.Unavailable(
        "The server of model %s at %s cannot answer now: %s. Try again later."
            .formatted(model, base, said),
        null,
        retryAfter);
  }

  EngineException.Unavailable unavailable(String what, @Nullable Throwable cause) {
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
    http.shutdownNow();
  }
}
