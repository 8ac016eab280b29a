package dev.ponder.engine.openai;

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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Single requests to one server, with its failures put into our words.
final class ServerCalls implements AutoCloseable {
  private static final int ERROR_MAX = 64 << 10;
  private static final String VERSION = "v1";

  /// A server may close a connection that it promised to keep. A request that takes it up at that
  /// moment fails at once, and gets its answer over another one.
  private static final Duration STALE = Duration.ofSeconds(1);

  private final OpenAiModel model;
  private final URI base;
  private final OpenAiSettings settings;
  private final InstantSource now;
  private final HttpClient http;

  ServerCalls(OpenAiModel model, OpenAiSettings settings, InstantSource now) {
    this.model = model;
    this.base = base(model.url());
    this.settings = settings;
    this.now = now;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .build();
  }

  /// An address without a path is that of the server; the API is under its first version.
  private static URI base(URI url) {
    String text = url.toString().replaceAll("/+$", "");
    String path = url.getPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    return URI.create(bare ? text + "/" + VERSION + "/" : text + "/");
  }

  URI base() {
    return base;
  }

  byte[] get(String path, Duration limit) {
    HttpRequest.Builder request = request(base.resolve(path), limit).GET();
    ApiKey key = model.key();
    if (key != null) {
      request.header("Authorization", "Bearer " + key.text());
    }
    HttpResponse<byte[]> response =
        send(path, request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw refusal(path, response, response.body());
    }
    return response.body();
  }

  /// Posts and hands over the events of the answer once it has begun.
  EventBytes stream(URI url, Map<String, List<String>> headers, String body, Duration limit) {
    HttpRequest.Builder request =
        request(url, limit).POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    String path = base.relativize(url).toString();
    HttpResponse<EventBytes> response =
        send(path, request.build(), info -> new EventBytes(settings.eventBytesMax()));
    EventBytes events = response.body();
    if (response.statusCode() != 200) {
      throw refusal(path, response, errorBody(events));
    }
    return events;
  }

  private static HttpRequest.Builder request(URI url, Duration limit) {
    // The client refuses a limit of zero; a deadline that is over still gets its answer refused.
    Duration least = limit.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : limit;
    return HttpRequest.newBuilder(url).timeout(least);
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

  String reason(Throwable e) {
    if (e instanceof ConnectException) {
      return "no connection, nothing seems to listen there";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : hidden(message);
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
    return translate(
        path,
        response.statusCode(),
        ServerError.messageIn(body),
        response
            .headers()
            .firstValue("Retry-After")
            .map(it -> RetryAfter.parse(it, now))
            .orElse(null));
  }

  /// What a status means for the caller: whether it may work later, or never.
  EngineException translate(
      String path, int status, String message, @Nullable Duration retryAfter) {
    String said = "status %d (%s)".formatted(status, hidden(message));
    if (status == 401 || status == 403) {
      return new EngineException.Unusable(
          "The server of model %s at %s does not accept our key: %s. Set OPENAI_API_KEY or ponder.models.%s.key to a key that it accepts."
              .formatted(model.name(), base, said, model.name()),
          null);
    }
    if (status == 404) {
      return new EngineException.Unusable(
          "The server at %s has no model '%s', or no /%s: %s. GET %smodels lists what it has; ponder.models.%s.served-as names one of them."
              .formatted(base, model.servedAs(), path, said, base, model.name()),
          null);
    }
    if (status == 405 || status == 501 || (status >= 300 && status < 400)) {
      return new EngineException.Unusable(
          "The server of model %s at %s cannot do /%s: %s. Check that it is an OpenAI-compatible server and that the address ends where its API begins."
              .formatted(model.name(), base, path, said),
          null);
    }
    if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429) {
      return new EngineException.Refused(
          "Model %s refused the request: %s".formatted(model.name(), hidden(message)));
    }
    String busy = status == 429 ? "has too much to do" : "cannot answer now";
    return new EngineException.Unavailable(
        "The server of model %s at %s %s: %s. Try again later."
            .formatted(model.name(), base, busy, said),
        null,
        retryAfter);
  }

  EngineException.Unavailable unavailable(String what, @Nullable Throwable cause) {
    return new EngineException.Unavailable(
        "The server of model %s at %s %s.".formatted(model.name(), base, what), cause);
  }

  private String hidden(String sentence) {
    ApiKey key = model.key();
    return key == null ? sentence : key.hiddenIn(sentence);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
