package dev.ponder.engine.openai;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.Credentials;
import dev.ponder.engine.http.EventStream;
import dev.ponder.engine.http.RetryAfter;
import dev.ponder.engine.http.ServerHttp;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Single requests to one server, with its failures put into our words.
final class ServerCalls implements ServerHttp.Failures, AutoCloseable {
  private static final String VERSION = "v1";

  private final OpenAiModel model;
  private final URI base;
  private final InstantSource now;
  private final Credentials credentials;
  private final ServerHttp http;
  private volatile @Nullable Integer context;
  private volatile boolean refusesLongTexts;

  ServerCalls(OpenAiModel model, OpenAiSettings settings, InstantSource now) {
    this.model = model;
    this.base = base(model.url());
    this.now = now;
    this.credentials = new Credentials(model.name(), base, model.key(), "OPENAI_API_KEY");
    this.http = new ServerHttp(settings.answerLimit(), this, null);
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
    return http.whole(
        path, credentials.authorize(ServerHttp.request(base.resolve(path), limit).GET()).build());
  }

  /// Posts and hands over the events of the answer once it has begun.
  EventStream stream(String path, String body, Duration limit) {
    HttpRequest.Builder request =
        ServerHttp.request(base.resolve(path), limit)
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    EventStream events = http.stream(path, credentials.authorize(request).build());
    credentials.accepted();
    return events;
  }

  @Override
  public EngineException refused(String path, HttpResponse<?> response, byte[] body) {
    return translate(
        path, ServerError.of(response.statusCode(), body), RetryAfter.in(response.headers(), now));
  }

  /// What an error means for the caller: whether it may work later, or never.
  EngineException translate(String path, ServerError error, @Nullable Duration retryAfter) {
    String message = error.message().isEmpty() ? "no reason given" : hidden(error.message());
    String said =
        error.status() == 0 ? message : "status %d (%s)".formatted(error.status(), message);
    return meaning(path, error, message, said, retryAfter)
        .quoting(error.message().isEmpty() ? "" : message);
  }

  private EngineException meaning(
      String path, ServerError error, String message, String said, @Nullable Duration retryAfter) {
    return switch (error.kind()) {
      case KEY -> credentials.refused(said);
      case ACCOUNT ->
          new EngineException.Unusable(
              "The server of model %s at %s serves this account no more: %s."
                  .formatted(model.name(), base, said),
              null);
      case MODEL ->
          new EngineException.Unusable(
              "The server at %s has no model '%s', or no /%s: %s. GET %smodels lists what it has; ponder.models.%s.served-as names one of them."
                  .formatted(base, model.servedAs(), path, said, base, model.name()),
              null);
      case ADDRESS ->
          new EngineException.Unusable(
              "The server of model %s at %s cannot do /%s: %s. Check that it is an OpenAI-compatible server and that the address ends where its API begins."
                  .formatted(model.name(), base, path, said),
              null);
      case CONTEXT -> tooLong(error, message);
      case REQUEST, WITHHELD ->
          new EngineException.Refused(
              "Model %s refused the request: %s".formatted(model.name(), message));
      case BUSY -> later("has too much to do", said, retryAfter);
      case BROKEN -> later("cannot answer now", said, retryAfter);
    };
  }

  private EngineException later(String what, String said, @Nullable Duration retryAfter) {
    return new EngineException.Unavailable(
        "The server of model %s at %s %s: %s. Try again later."
            .formatted(model.name(), base, what, said),
        null,
        retryAfter == null ? RetryAfter.in(said) : retryAfter);
  }

  /// The server knows best what its model holds.
  private EngineException tooLong(ServerError error, String message) {
    refusesLongTexts = true;
    Integer said = error.context();
    Integer before = context;
    if (said != null && (before == null || said < before)) {
      context = said;
    }
    return new EngineException.Refused(
        "Model %s refused the request: %s (ponder.models.%s.context says how many tokens it holds)"
            .formatted(model.name(), message, model.name()));
  }

  /// Whether the server has refused a request for the length of its texts.
  boolean refusesLongTexts() {
    return refusesLongTexts;
  }

  /// Tokens that the model holds, if the server has said so when it refused a text.
  @Nullable Integer context() {
    return context;
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
