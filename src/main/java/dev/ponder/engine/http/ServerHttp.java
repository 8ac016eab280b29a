package dev.ponder.engine.http;

import dev.ponder.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 requests to one server of a model, whole or as a stream of events. What fails is put
/// into words by whoever knows the server.
public final class ServerHttp implements AutoCloseable {

  private static final int ERROR_MAX = 64 << 10;

  /// Bytes of one event of a stream: many times what any server puts into one.
  private static final int EVENT_MAX = 1 << 20;

  /// A prompt of a million tokens as a list of ids has 8 MB.
  private static final int BODY_MAX = 32 << 20;

  /// A server may close a connection that it promised to keep; a llama-server does so after each
  /// stream. A request that takes it up at that moment fails at once, and gets its answer over
  /// another one. One that has waited longer may be at work there, and is not made twice.
  private static final Duration STALE = Duration.ofMillis(250);

  /// A server that is there takes a connection at once, or after a lost packet or two.
  private static final Duration CONNECTING = Duration.ofSeconds(5);

  private final Duration refusing;
  private final Failures failures;
  private final Transport transport;

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

  /// What carries requests and their answers.
  public interface Transport extends AutoCloseable {

    /// Returns when the answer has begun. An interrupt ends the request.
    HttpResponse<BodyBytes> send(HttpRequest request) throws IOException, InterruptedException;

    @Override
    void close();
  }

  /// @param refusing how long the reason may take that comes with a refusal
  /// @param transport null is TCP
  public ServerHttp(Duration refusing, Failures failures, @Nullable Transport transport) {
    this.refusing = refusing;
    this.failures = failures;
    this.transport = transport == null ? new Tcp() : transport;
  }

  /// A request that is to be answered within a limit.
  public static HttpRequest.Builder request(URI url, Duration limit) {
    // The client refuses a limit of zero; a deadline that is over still gets its answer refused.
    Duration least = limit.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : limit;
    return HttpRequest.newBuilder(url).timeout(least);
  }

  /// The answer to a request, all of it within the request's limit.
  ///
  /// @param path what failures call it
  public byte[] whole(String path, HttpRequest request) {
    long until = end(request);
    HttpResponse<BodyBytes> response = begun(path, request, until);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try {
      readInto(kept, response.body(), BODY_MAX, until);
      return kept.toByteArray();
    } catch (BodyBytes.Silence e) {
      throw failures.unavailable("did not end its answer to /" + path + " in time", e);
    } catch (IOException e) {
      throw failures.unavailable("broke off its answer to /" + path + ": " + reason(e), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// The events of an answer, once it has begun.
  ///
  /// @param path what failures call it
  public EventStream stream(String path, HttpRequest request) {
    HttpResponse<BodyBytes> response = begun(path, request, end(request));
    HttpHeaders headers = response.headers();
    boolean measured =
        !(transport instanceof Tcp)
            || headers.firstValue("Content-Length").isPresent()
            || headers.firstValue("Transfer-Encoding").isPresent();
    return new EventStream(response.body(), measured, EVENT_MAX);
  }

  private static long end(HttpRequest request) {
    // Each request here has one; the client itself ends its wait for headers by it, and no more.
    return System.nanoTime() + request.timeout().orElse(Duration.ZERO).toNanos();
  }

  private HttpResponse<BodyBytes> begun(String path, HttpRequest request, long until) {
    HttpResponse<BodyBytes> response = send(path, request);
    if (response.statusCode() != 200) {
      long refused = System.nanoTime() + refusing.toNanos();
      byte[] body = errorBody(response.body(), Math.min(until, refused));
      throw failures.refused(path, response, body);
    }
    return response;
  }

  private HttpResponse<BodyBytes> send(String path, HttpRequest request) {
    try {
      return transport.send(request);
    } catch (IOException e) {
      throw failures.unavailable("did not answer /" + path + ": " + reason(e), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private EngineException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return failures.unavailable("was not waited for, because the caller was interrupted", cause);
  }

  /// What comes of it within the limits: a broken error is still an error, and its status says
  /// enough.
  private static byte[] errorBody(BodyBytes body, long until) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try {
      readInto(kept, body, ERROR_MAX, until);
    } catch (IOException e) {
      // The status is there.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return kept.toByteArray();
  }

  private static void readInto(ByteArrayOutputStream kept, BodyBytes body, int most, long until)
      throws IOException, InterruptedException {
    try {
      ByteBuffer next;
      while ((next = body.next(Math.max(0, until - System.nanoTime()))) != null) {
        byte[] bytes = new byte[next.remaining()];
        next.get(bytes);
        kept.write(bytes, 0, Math.min(bytes.length, most - kept.size()));
        if (kept.size() == most) {
          throw new IOException("it is larger than %,d bytes, the limit".formatted(most));
        }
        if (System.nanoTime() > until) {
          throw new BodyBytes.Silence();
        }
      }
    } catch (IOException | InterruptedException e) {
      body.close();
      throw e;
    }
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
    transport.close();
  }

  private static final class Tcp implements Transport {
    private final HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTING)
            .build();

    @Override
    public HttpResponse<BodyBytes> send(HttpRequest request)
        throws IOException, InterruptedException {
      long started = System.nanoTime();
      try {
        return http.send(request, info -> new BodyBytes());
      } catch (ConnectException | HttpTimeoutException e) {
        throw e;
      } catch (IOException e) {
        if (System.nanoTime() - started > STALE.toNanos()) {
          throw e;
        }
        return http.send(request, info -> new BodyBytes());
      }
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }
}
