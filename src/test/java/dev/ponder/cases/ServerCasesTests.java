package dev.ponder.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.PonderService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever a server sends, its job ends as a person expects. Jobs run side by side, each with
/// a model of its own. `-Dcases=NAME,…` runs some of them.
class ServerCasesTests {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration BEYOND = Duration.ofSeconds(20);

  @TempDir static Path data;

  private static final Map<String, ServerCase> CASES =
      ServerCases.all().stream()
          .filter(
              each ->
                  List.of(System.getProperty("cases", each.name()).split(","))
                      .contains(each.name()))
          .collect(Collectors.toMap(ServerCase::name, Function.identity()));

  private static CaseServer server;
  private static ConfigurableApplicationContext service;
  private static final Map<String, String> JOBS = new HashMap<>();
  private static final Map<String, JsonNode> ENDED = new HashMap<>();

  @BeforeAll
  static void runAll() throws Exception {
    server =
        new CaseServer(
            CASES.values().stream().collect(Collectors.toMap(ServerCase::name, ServerCase::server)),
            name ->
                CASES.get(name).context() == null
                    ? Map.of()
                    : Map.of("max_model_len", CASES.get(name).context()));
    service =
        new SpringApplicationBuilder(PonderService.class)
            .run(
                "--ponder.data=" + data,
                "--server.port=0",
                "--ponder.openai=" + server.url(),
                "--ponder.engine.openai.models-max=" + (CASES.size() + 1),
                "--ponder.jobs.running-max=" + CASES.size());
    // Those that a server keeps waiting have little time, which the others would use up.
    Map<Boolean, List<ServerCase>> patient =
        CASES.values().stream()
            .collect(
                Collectors.partitioningBy(each -> each.wanted().seconds() == ServerCases.PATIENT));
    for (boolean first : new boolean[] {true, false}) {
      for (ServerCase each : patient.get(first)) {
        JOBS.put(each.name(), submit(each));
      }
      for (ServerCase each : patient.get(first)) {
        ENDED.put(each.name(), ended(each));
      }
    }
  }

  @AfterAll
  static void end() throws Exception {
    service.close();
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> endsAsAPersonExpects() {
    return ServerCases.all().stream()
        .filter(each -> CASES.containsKey(each.name()))
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> endsAsExpected(each)));
  }

  private static void endsAsExpected(ServerCase each) {
    JsonNode job = ENDED.get(each.name());

    assertThat(each.faults(job, server.asked(each.name())))
        .as("%s: %s", each.name(), job)
        .isEmpty();
  }

  private static JsonNode ended(ServerCase each) throws Exception {
    long end =
        System.nanoTime() + Duration.ofSeconds(each.wanted().seconds()).plus(BEYOND).toNanos();
    while (true) {
      JsonNode job = get("/v1/jobs/" + JOBS.get(each.name()));
      String status = job.path("status").asString("");
      boolean over =
          List.of("completed", "failed", "cancelled").contains(status)
              || (status.equals("paused") && each.wanted().statuses().contains("paused"));
      if (over || System.nanoTime() > end) {
        return job;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static String submit(ServerCase each) {
    String body =
        Exchange.json(
            Map.of(
                "prompt", "What is 6 times 7?",
                "model", each.name(),
                "deadlineSeconds", each.wanted().seconds()));
    return send(request("/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)))
        .path("id")
        .asString();
  }

  private static JsonNode get(String path) {
    return send(request(path));
  }

  private static HttpRequest.Builder request(String path) {
    String port = service.getEnvironment().getRequiredProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static JsonNode send(HttpRequest.Builder request) {
    try {
      var response =
          HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
      return JsonMapper.shared().readTree(response.body());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
