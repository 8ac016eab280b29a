package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ponder.PonderService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A service with a secret in every setting that can hold one, among servers that fail in every way
/// and repeat what they were sent: no place that anybody can read shows one of them.
class NoSecretShownTests {

  private static final String CLIENT = "sEcReT-client-key-8f3a2b1c9d7e6a5b4c3d";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir private Path data;
  private HttpServer refusing;
  private String base;

  @BeforeEach
  void begin() throws IOException {
    refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    refusing.createContext(
        "/",
        exchange -> {
          String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
          String plain =
              sent.startsWith("Basic ")
                  ? new String(
                      Base64.getDecoder().decode(sent.substring(6)), StandardCharsets.UTF_8)
                  : sent;
          byte[] body =
              "{\"error\":{\"message\":\"Incorrect key: %s, that is %s\"}}"
                  .formatted(sent, plain)
                  .getBytes(StandardCharsets.UTF_8);
          int status = exchange.getRequestURI().getPath().startsWith("/busy") ? 500 : 401;
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    refusing.start();
  }

  @AfterEach
  void end() {
    refusing.stop(0);
  }

  private String secret(String name) {
    return secrets.computeIfAbsent(name, it -> "sEcReT-" + it);
  }

  private String login(String name, String place) {
    return "http://me:" + secret(name) + "@" + place;
  }

  private List<String> settings(String refused, String away) {
    secrets.put("client", CLIENT);
    return List.of(
        "--server.port=0",
        "--ponder.data=" + data,
        "--ponder.api-keys=" + CLIENT,
        "--ponder.engine.openai.key=" + secret("openai"),
        "--ponder.engine.server.key=" + secret("llama"),
        "--ponder.store.hugging-face-token=" + secret("token"),
        "--ponder.store.hugging-face-url=" + login("hub", away),
        "--ponder.llama-server=" + login("attached", away) + ",http://" + refused,
        "--ponder.openai=" + login("listed", refused) + "," + login("other", away),
        "--ponder.models.refused.url=http://" + refused,
        "--ponder.models.refused.engine=openai",
        "--ponder.models.refused.key=" + secret("model"),
        "--ponder.models.busy.url=" + login("busy", refused) + "/busy",
        "--ponder.models.busy.engine=openai",
        "--ponder.models.away.url=" + login("away", away),
        "--ponder.models.own.url=http://" + refused,
        "--ponder.models.own.key=" + secret("own"));
  }

  /// With settings that stand on no command line.
  private static SpringApplication service(List<String> settings) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      properties.put(setting.substring(2, equals), setting.substring(equals + 1));
    }
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("settings", properties));
    var service = new SpringApplication(PonderService.class);
    service.setEnvironment(environment);
    return service;
  }

  @Test
  void noPlaceShowsASecret() throws Exception {
    String refused = "127.0.0.1:" + refusing.getAddress().getPort();
    String away;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      away = "127.0.0.1:" + socket.getLocalPort();
    }
    var shown = new LinkedHashMap<String, String>();
    var log = new ByteArrayOutputStream();
    PrintStream usual = System.out;
    PrintStream usualErr = System.err;
    var stream = new PrintStream(log, true, StandardCharsets.UTF_8);
    System.setOut(stream);
    System.setErr(stream);
    try (ConfigurableApplicationContext service = service(settings(refused, away)).run()) {
      base = "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port");
      for (String model : List.of("refused", "busy", "away", "own", refused, away)) {
        shown.put("job of " + model, jobOn(model));
      }
      for (String path :
          List.of(
              "/v1/models",
              "/v1/jobs",
              "/v1/pipelines",
              "/v1/nothing",
              "/actuator/health",
              "/actuator/metrics",
              "/actuator/prometheus",
              "/actuator/env",
              "/actuator/configprops",
              "/v3/api-docs")) {
        shown.put(path, get(path));
      }
      shown.put("an unknown model", post("{\"prompt\":\"x\",\"model\":\"none\"}"));
      shown.put("a wrong key", getWith("/v1/jobs", "Bearer wrong"));
      shown.put("service.json", Files.readString(data.resolve("service.json")));
    } finally {
      System.setOut(usual);
      System.setErr(usualErr);
    }
    shown.put("the log", log.toString(StandardCharsets.UTF_8));
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        shown.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }

    assertThat(shown.get("/v1/models")).contains("does not accept our key", "•••");
    assertThat(shown.get("/actuator/health")).contains("nothing seems to listen there");
    for (var place : shown.entrySet()) {
      for (String secret : forms()) {
        assertThat(place.getValue().contains(secret))
            .as("%s shows %s", place.getKey(), secret)
            .isFalse();
      }
    }
  }

  /// As they are, and as they are sent.
  private List<String> forms() {
    var forms = new ArrayList<>(secrets.values());
    secrets
        .values()
        .forEach(
            secret ->
                forms.add(
                    Base64.getEncoder()
                        .encodeToString(("me:" + secret).getBytes(StandardCharsets.UTF_8))));
    return forms;
  }

  /// What a job on a model that cannot be had shows, once it has tried.
  private String jobOn(String model) throws Exception {
    String accepted = post("{\"prompt\":\"x\",\"model\":\"%s\"}".formatted(model));
    JsonNode job = JsonMapper.shared().readTree(accepted);
    String path = "/v1/jobs/" + job.path("id").asString();
    long until = System.nanoTime() + PATIENCE.toNanos();
    String now = accepted;
    while (System.nanoTime() < until) {
      now = get(path);
      JsonNode read = JsonMapper.shared().readTree(now);
      boolean waits = !read.path("pausedBecause").isNull() || !read.path("waitingFor").isNull();
      if (waits || read.path("status").asString().matches("completed|failed")) {
        break;
      }
      Thread.sleep(50);
    }
    String all = accepted + now;
    for (String more : List.of("/thoughts", "/checkpoints", "/prompts", "/answer")) {
      all += get(path + more);
    }
    return all;
  }

  private String get(String path) throws Exception {
    return getWith(path, "Bearer " + CLIENT);
  }

  private String getWith(String path, String authorization) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", authorization)
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private String post(String body) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(base + "/v1/jobs"))
                .header("Authorization", "Bearer " + CLIENT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }
}
