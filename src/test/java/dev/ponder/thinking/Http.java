package dev.ponder.thinking;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of a service under test.
public record Http(int port) {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /// An answer; a body that is empty is null.
  record Answer(int status, JsonNode body) {
    public String at(String pointer) {
      return body.at(pointer).asString();
    }
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer job(UUID id, String path) {
    return get("/v1/jobs/" + id + path);
  }

  Answer post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  Answer delete(String path) {
    return send(request(path).DELETE());
  }

  Answer submit(String prompt) {
    String body = JsonMapper.shared().writeValueAsString(Map.of("prompt", prompt));
    return send(
        request("/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofString());
      String body = response.body();
      return new Answer(
          response.statusCode(), body.isEmpty() ? null : JsonMapper.shared().readTree(body));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
