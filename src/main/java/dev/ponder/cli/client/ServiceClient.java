package dev.ponder.cli.client;

import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Words;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.text.Nearest;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Speaks the service's HTTP API. Every failure is a [CommandFailed] that says what to do.
public final class ServiceClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int ACCEPTED_SHOWN = 12;

  /// Many times the largest answer of a service, and a quarter of this program's memory.
  private static final long ANSWER_BYTES = 32 << 20;

  private final URI base;
  private final @Nullable ApiKey apiKey;
  private final HttpClient http;
  private @Nullable String etag;

  /// @param trusted whom to trust besides those whom the JDK does, if the service speaks TLS
  public ServiceClient(URI base, @Nullable ApiKey apiKey, @Nullable TrustedCertificates trusted) {
    this.base = base;
    this.apiKey = apiKey;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if ("http".equals(base.getScheme())) {
      builder.sslContext(trustingNobody());
    } else if (trusted != null) {
      builder.sslContext(trusted.context());
    }
    this.http = builder.build();
  }

  public URI base() {
    return base;
  }

  public JsonNode get(String path) {
    return body(send(request(path).GET().build()));
  }

  public JsonNode post(String path, JsonNode json) {
    return body(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.line(json)))
                .build()));
  }

  public JsonNode post(String path) {
    return body(send(request(path).POST(BodyPublishers.noBody()).build()));
  }

  /// The job if it is another than at the last call, which the service tells by its `ETag`.
  Optional<JsonNode> changedJob(String id) {
    HttpRequest.Builder request = request(jobPath(id)).GET();
    if (etag != null) {
      request.header("If-None-Match", etag);
    }
    HttpResponse<String> response = send(request.build());
    if (response.statusCode() == 304) {
      return Optional.empty();
    }
    JsonNode job = body(response);
    etag = response.headers().firstValue("ETag").orElse(null);
    return Optional.of(job);
  }

  public static String jobPath(String id) {
    return "/v1/jobs/" + encoded(id);
  }

  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// Left to itself, the client reads all certificates of the JDK even if it never needs one, which
  /// takes longer than everything else a short command does.
  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no TLS.", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/+$", "") + path))
            .header("Accept", "application/json, application/problem+json")
            .timeout(ANSWER);
    if (apiKey != null) {
      request.header("Authorization", apiKey.authorization());
    }
    return request;
  }

  /// The client itself ends its wait for an answer's beginning, and no more.
  private HttpResponse<String> send(HttpRequest request) {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_BYTES));
    try {
      return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      answer.cancel(true);
      throw new CommandFailed(
          Exit.NO_SERVICE,
          "No answer from a Ponder service at "
              + base
              + " ("
              + cause(e)
              + ").\nStart one with './ponder serve', or name another with --server URL or --data"
              + " DIR.");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new CommandFailed(Exit.INTERRUPTED, "Interrupted while asking " + base + ".");
    }
  }

  private static String cause(Exception failure) {
    Throwable e = failure instanceof ExecutionException ? failure.getCause() : failure;
    if (e instanceof TimeoutException || e instanceof HttpTimeoutException) {
      return "it took longer than " + ANSWER.toSeconds() + " s";
    }
    if (e instanceof SSLException) {
      return "TLS failed: "
          + e.getMessage()
          + "; PONDER_CA_CERT names a PEM file with a certificate to trust";
    }
    if (e instanceof ConnectException && e.getMessage() == null) {
      return "nothing listens there";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private JsonNode body(HttpResponse<String> response) {
    JsonNode json = Json.read(response.body());
    int status = response.statusCode();
    if (status / 100 == 2) {
      if (json == null || json.isMissingNode()) {
        throw new CommandFailed(
            Exit.UNEXPECTED,
            base + " answered without JSON. Is it a Ponder service? Name one with --server URL.");
      }
      return json;
    }
    throw refusal(status, json == null ? Json.object() : json);
  }

  private CommandFailed refusal(int status, JsonNode problem) {
    String type = Json.text(problem, "type", "");
    List<String> lines = new ArrayList<>();
    String title =
        Words.line(Json.text(problem, "title", "The service answered with status " + status + "."));
    String detail = line(problem, "detail");
    lines.add(detail == null ? title : title + ": " + detail);
    suggestion(problem, title + " " + detail).ifPresent(lines::add);
    String next = line(problem, "next");
    if (next != null) {
      lines.add(next);
    } else if (status == 401 || status == 403) {
      lines.add("Put the service's key into PONDER_API_KEY.");
    }
    return new CommandFailed(exit(status, type), String.join("\n", lines), problem);
  }

  private static @Nullable String line(JsonNode problem, String field) {
    String text = Json.text(problem, field);
    return text == null ? null : Words.line(text);
  }

  private static Exit exit(int status, String type) {
    if (type.endsWith("/unknown-job")) {
      return Exit.UNKNOWN_JOB;
    }
    // A full queue is a refusal too, whichever of the two statuses the service uses for it.
    return status / 100 == 4 || status == 503 ? Exit.REFUSED : Exit.UNEXPECTED;
  }

  /// The nearest accepted value to the one found, which the service names as `found` or quotes.
  private static Optional<String> suggestion(JsonNode problem, String sentence) {
    List<String> accepted =
        problem.path("accepted").values().stream()
            .filter(JsonNode::isValueNode)
            .map(value -> Words.line(value.asString()))
            .toList();
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    String found = line(problem, "found");
    List<String> words =
        found != null ? List.of(found) : List.of(sentence.split("[\\s'\"`,;:]+|\\.(?=\\s|$)"));
    Optional<String> nearest =
        words.stream()
            .filter(word -> word.length() > 2 && !accepted.contains(word))
            .flatMap(word -> Nearest.to(word, accepted).stream())
            .findFirst();
    String known =
        "Accepted: "
            + String.join(", ", accepted.subList(0, Math.min(ACCEPTED_SHOWN, accepted.size())))
            + (accepted.size() > ACCEPTED_SHOWN ? ", …" : ".");
    return Optional.of(nearest.map(n -> "Did you mean '" + n + "'? ").orElse("") + known);
  }
}
