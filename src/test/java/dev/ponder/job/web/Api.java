package dev.ponder.job.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the running service, over real HTTP.
public final class Api {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Api(int port) {
    this.port = port;
  }

  /// An answer with its body read as JSON.
  public record Answer(HttpResponse<String> response) {

    public int status() {
      return response.statusCode();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public String at(String pointer) {
      return json().at(pointer).asString();
    }

    public String problem() {
      if (!"application/problem+json".equals(header("Content-Type"))) {
        throw new AssertionError(
            "No problem but %s: %s".formatted(header("Content-Type"), response.body()));
      }
      return at("/type");
    }
  }

  static String prompt(String text) {
    return JSON.writeValueAsString(java.util.Map.of("prompt", text));
  }

  Answer submit(String body, String... headers) {
    return send(
        "/v1/jobs",
        request -> {
          request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
          return headers.length == 0 ? request : request.headers(headers);
        });
  }

  /// Submits a job that is accepted, and tells its id.
  String submitted(String prompt) {
    Answer answer = submit(prompt(prompt));
    if (answer.status() != 202) {
      throw new AssertionError(answer.response().body());
    }
    return answer.at("/id");
  }

  public Answer get(String path, String... headers) {
    return send(path, request -> headers.length == 0 ? request : request.headers(headers));
  }

  Answer post(String path) {
    return method("POST", path, BodyPublishers.noBody());
  }

  public Answer method(String method, String path, BodyPublisher body, String... headers) {
    return send(
        path,
        request -> (headers.length == 0 ? request : request.headers(headers)).method(method, body));
  }

  Answer send(String path, UnaryOperator<HttpRequest.Builder> how) {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    try {
      return new Answer(
          http.send(how.apply(request.timeout(PATIENCE)).build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What comes back for bytes that no HTTP client would send.
  public String raw(String request) {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream answer = socket.getInputStream();
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
