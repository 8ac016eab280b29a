package dev.ponder.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 requests to one server of a model, whole or as a stream of events. What fails is put
/// into words by whoever knows the server.
public final class ServerHttp implements AutoCloseable {

  private static final int ERROR_MAX = 64 << 10;

  /// A server may close a connection that it promised to keep; a llama-server does so after each
  /// stream. A request that takes it up at that moment fails at once, and gets its answer over
  /// another one.
  private static final Duration STALE = Duration.ofSeconds(1);

  private final Limits limits;
  private final Failures failures;
  private final HttpClient http;

  /// How long and how much.
  ///
  /// @param connecting to the server
  /// @param refusing how long the reason may take that comes with a refusal
  /// @param eventBytes of one line of a stream at most
  public record Limits(Duration connecting, Duration refusing, int eventBytes) {}

  /// Says what a failure means for the caller: whether it may work later, or never.
  public interface Failures {

    /// The server answered with another status than 200.
    ///
    /// @param body as much as came of it
    EngineException refused(String path, HttpResponse<?> response, byte[] body);

    /// It did not answer.
    ///
    /// @param what it did, to go on after its name
    EngineException unavailable(String what, @Nullable Throwable cause);
  }

  public ServerHttp(Limits limits, Failures failures) {
    this.limits = limits;
    this.failures = failures;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limits.connecting())
            .build();
  }

  /// A request that is to be answered within a limit.
  public static HttpRequest.Builder request(URI url, Duration limit) {
    // The client refuses a limit of zero; a deadline that is over still gets its answer refused.
    Duration least = limit.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : limit;
    return HttpRequest.newBuilder(url).timeout(least);
  }

  /// The answer to a request.
  ///
  /// @param path what failures call it
  public byte[] whole(String path, HttpRequest request) {
    HttpResponse<byte[]> response = send(path, request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw failures.refused(path, response, response.body());
    }
    return response.body();
  }

  /// The events of an answer, once it has begun.
  ///
  /// @param path what failures call it
  public EventBytes stream(String path, HttpRequest request) {
    HttpResponse<EventBytes> response =
        send(path, request, info -> new EventBytes(limits.eventBytes()));
    EventBytes events = response.body();
    if (response.statusCode() != 200) {
      throw failures.refused(path, response, errorBody(events));
    }
    return events;
  }

  private <T> HttpResponse<T> send(
      String path, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return answered(request, handler);
    } catch (IOException e) {
      throw failures.unavailable("did not answer /" + path + ": " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.unavailable("was not waited for, because the caller was interrupted", e);
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

  private byte[] errorBody(EventBytes events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      int length;
      while ((length = events.next(limits.refusing().toMillis())) >= 0 && body.size() < ERROR_MAX) {
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

  /// What went wrong with a connection, for a person.
  public static String reason(Throwable failure) {
    if (failure instanceof ConnectException) {
      return "no connection, nothing seems to listen there";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
