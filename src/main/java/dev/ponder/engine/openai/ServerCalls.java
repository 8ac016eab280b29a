package dev.ponder.engine.openai;

import dev.ponder.engine.Credentials;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EventBytes;
import dev.ponder.engine.ServerHttp;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Single requests to one server, with its failures put into our words.
final class ServerCalls implements ServerHttp.Failures, AutoCloseable {
  private static final String VERSION = "v1";

  private final OpenAiModel model;
  private final URI base;
  private final InstantSource now;
  private final Credentials credentials;
  private final ServerHttp http;

  ServerCalls(OpenAiModel model, OpenAiSettings settings, InstantSource now) {
    this.model = model;
    this.base = base(model.url());
    this.now = now;
    this.credentials = new Credentials(model.name(), base, model.key(), "OPENAI_API_KEY");
    this.http =
        new ServerHttp(
            new ServerHttp.Limits(
                settings.connectTimeout(), settings.answerLimit(), settings.eventBytesMax()),
            this);
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
    HttpRequest.Builder request = ServerHttp.request(base.resolve(path), limit).GET();
    return http.whole(path, credentials.authorize(request).build());
  }

  /// Posts and hands over the events of the answer once it has begun.
  EventBytes stream(URI url, Map<String, List<String>> headers, String body, Duration limit) {
    HttpRequest.Builder request =
        ServerHttp.request(url, limit).POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    credentials.authorize(request);
    EventBytes events = http.stream(base.relativize(url).toString(), request.build());
    credentials.accepted();
    return events;
  }

  @Override
  public EngineException refused(String path, HttpResponse<?> response, byte[] body) {
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
      return credentials.refused(said);
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

  @Override
  public EngineException.Unavailable unavailable(String what, @Nullable Throwable cause) {
    return new EngineException.Unavailable(
        "The server of model %s at %s %s.".formatted(model.name(), base, hidden(what)), cause);
  }

  /// Why the key is not taken, if it is not. Some servers list their models for everybody.
  EngineException.@Nullable Unusable keyRefusal() {
    return credentials.refusal();
  }

  private String hidden(String sentence) {
    return credentials.hiddenIn(sentence);
  }

  @Override
  public void close() {
    http.close();
  }
}
