package dev.ponder.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends thousands of requests to a running service and compares every answer with what the service
/// says of itself at `/v3/api-docs`.
public final class ApiFuzzer {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TOLD = 10;

  private final String base;
  private final long seed;
  private String within = "/";
  private @Nullable String key;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public ApiFuzzer(int port, long seed) {
    this.base = "http://127.0.0.1:" + port;
    this.seed = seed;
  }

  /// Limits the requests to the operations whose path begins so.
  ApiFuzzer only(String path) {
    within = path;
    return this;
  }

  /// Sends this key with most requests. The others have none or a wrong one, and may not get in.
  ApiFuzzer key(String known) {
    key = known;
    return this;
  }

  /// @param answers how often each operation answered with each status
  /// @param breaches the first answers that were not as described, each with its request and seed
  public record Report(Map<String, Integer> answers, List<String> breaches) {}

  /// @param known ids of jobs to begin with, in as many statuses as possible
  public Report run(int requests, List<String> known) throws IOException, InterruptedException {
    var contract = new Contract(text(fetch("/v3/api-docs")));
    RandomGenerator random = RandomGeneratorFactory.of("Xoroshiro128PlusPlus").create(seed);
    var shots = new Shots(contract, within, random);
    known.forEach(id -> shots.remember("", id, null, null));
    var answers = new TreeMap<String, Integer>();
    var breaches = new ArrayList<String>();
    for (int number = 0; number < requests && breaches.size() < TOLD; number++) {
      Credential credential = credential(random);
      Shot shot = credential.on(shots.next(), key);
      HttpResponse<byte[]> response = send(shot);
      answers.merge(
          shot.method() + " " + shot.template() + " " + response.statusCode(), 1, Integer::sum);
      int at = number;
      contract
          .breach(shot, response)
          .or(() -> gotIn(credential, response))
          .ifPresent(what -> breaches.add(told(at, shot, response, what)));
      remember(shots, response);
    }
    return new Report(answers, breaches);
  }

  private enum Credential {
    OPEN,
    RIGHT,
    NONE,
    WRONG;

    Shot on(Shot shot, @Nullable String key) {
      return switch (this) {
        case OPEN, NONE -> shot;
        case RIGHT -> shot.with("Authorization", "Bearer " + key);
        case WRONG -> shot.with("Authorization", "Bearer not-" + key);
      };
    }
  }

  private Credential credential(RandomGenerator random) {
    if (key == null) {
      return Credential.OPEN;
    }
    return switch (random.nextInt(20)) {
      case 0 -> Credential.NONE;
      case 1 -> Credential.WRONG;
      default -> Credential.RIGHT;
    };
  }

  private static Optional<String> gotIn(Credential credential, HttpResponse<byte[]> response) {
    boolean refused = response.statusCode() >= 400;
    return switch (credential) {
      case NONE, WRONG -> refused ? Optional.empty() : Optional.of("let in without a known key");
      case RIGHT ->
          response.statusCode() == 401 ? Optional.of("a known key was refused") : Optional.empty();
      case OPEN -> Optional.empty();
    };
  }

  private String told(int number, Shot shot, HttpResponse<byte[]> response, String what) {
    String body = text(response);
    return "%s\n  request %d of seed %d\n  %s\n  answered %d %s\n  %s"
        .formatted(
            what,
            number,
            seed,
            shortened(shot.curl(base)),
            response.statusCode(),
            response.headers().map(),
            shortened(body));
  }

  private static String shortened(String text) {
    return text.length() <= 3000 ? text : text.substring(0, 3000) + "…";
  }

  private static void remember(Shots shots, HttpResponse<byte[]> response) {
    String etag = response.headers().firstValue("ETag").orElse(null);
    String id = null;
    String cursor = null;
    if (response.statusCode() < 300 && response.body().length > 0) {
      try {
        JsonNode json = JsonMapper.shared().readTree(response.body());
        id = string(json.get("id"));
        cursor = string(json.get("nextCursor"));
      } catch (JacksonException notJson) {
        // The contract has complained already.
        return;
      }
    }
    shots.remember(response.uri().getPath(), id, etag, cursor);
  }

  private static @Nullable String string(@Nullable JsonNode node) {
    return node != null && node.isString() ? node.asString() : null;
  }

  private HttpResponse<byte[]> fetch(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).build(),
        BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> send(Shot shot) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(base + shot.target())).timeout(PATIENCE);
    shot.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
    return http.send(request.method(shot.method(), body(shot)).build(), BodyHandlers.ofByteArray());
  }

  private static BodyPublisher body(Shot shot) {
    byte[] body = shot.body();
    if (body == null) {
      return BodyPublishers.noBody();
    }
    return shot.chunked()
        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
        : BodyPublishers.ofByteArray(body);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
