package dev.ponder.kill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged jar as a process of its own, on a data folder that outlives it.
final class PackagedService implements AutoCloseable {

  private static final Path JAR = Path.of("target", "ponder.jar").toAbsolutePath();
  private static final Duration LONGEST_START = Duration.ofSeconds(120);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(120);
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path data;
  private List<String> options;
  private final Map<String, String> environment = new HashMap<>();
  private Process process;
  private URI base;

  PackagedService(Path data, String... options) {
    this.data = data;
    this.options = List.of(options);
  }

  /// Keeps its jobs in this database instead of a file in its folder.
  PackagedService on(String url) {
    environment.put("SPRING_DATASOURCE_URL", url);
    environment.put("SPRING_DATASOURCE_USERNAME", "postgres");
    return this;
  }

  /// With a variable in its environment.
  PackagedService with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /// With these options instead, from its next start on.
  void options(String... instead) {
    options = List.of(instead);
  }

  PackagedService start() throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString(),
                "serve",
                "--port",
                "0",
                "--data",
                data.toString()));
    command.addAll(options);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("log.txt").toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    Path file = data.resolve("service.json");
    base =
        eventually(
            LONGEST_START,
            "the service is ready",
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("The service did not start:\n" + log());
              }
              try {
                JsonNode service = JSON.readTree(Files.readString(file));
                boolean mine = service.get("pid").asLong() == process.pid();
                return mine ? URI.create(service.get("url").asString()) : null;
              } catch (IOException | RuntimeException notYet) {
                return null;
              }
            });
    return this;
  }

  /// What it has written to its log.
  String log() {
    try {
      return Files.readString(data.resolve("log.txt"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// SIGKILL: nothing in the process gets to run any more.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// Sends a signal, such as STOP or CONT.
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
        .inheritIO()
        .start()
        .waitFor();
  }

  /// What the service counts, as Prometheus reads it: 0 if it has not counted any.
  double metric(String name) {
    return text(HttpRequest.newBuilder(base.resolve("/actuator/prometheus")))
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /// SIGTERM, and wait for an orderly end.
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("The service did not stop within 60 s of SIGTERM");
    }
  }

  /// The processes it has started: the seats of its models.
  List<ProcessHandle> children() {
    return process.children().toList();
  }

  String submit(String prompt) {
    return submit(Map.of("prompt", prompt));
  }

  String submit(Map<String, Object> submission) {
    JsonNode job =
        send(
            HttpRequest.newBuilder(base.resolve("/v1/jobs"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(submission))));
    return job.get("id").asString();
  }

  /// What the API answers at a path.
  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)));
  }

  void delete(String id) {
    text(HttpRequest.newBuilder(base.resolve("/v1/jobs/" + id)).DELETE());
  }

  JsonNode job(String id) {
    return send(HttpRequest.newBuilder(base.resolve("/v1/jobs/" + id)));
  }

  JsonNode until(String id, String what, Predicate<JsonNode> reached) {
    return eventually(
        LONGEST_WAIT,
        what,
        () -> {
          JsonNode job = job(id);
          if (!reached.test(job) && job.get("status").asString().equals("completed")) {
            throw new AssertionError("The job was over before " + what + ": " + job);
          }
          return reached.test(job) ? job : null;
        });
  }

  /// Reads the database while no process has it open.
  <T> T database(Query<T> query) {
    String url = "jdbc:h2:file:" + data.resolve("ponder") + ";IFEXISTS=TRUE";
    try (Connection connection = DriverManager.getConnection(url, "ponder", "")) {
      return query.on(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  interface Query<T> {
    T on(Connection connection) throws SQLException;
  }

  private JsonNode send(HttpRequest.Builder request) {
    return JSON.readTree(text(request));
  }

  private String text(HttpRequest.Builder request) {
    try {
      var response =
          http.send(
              request.timeout(Duration.ofSeconds(30)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      return response.body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What a GET of a path is answered with: the status alone.
  int status(String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T eventually(Duration limit, String what, Supplier<T> look) {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      T found = look.get();
      if (found != null) {
        return found;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("Waited " + limit + " until " + what);
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
