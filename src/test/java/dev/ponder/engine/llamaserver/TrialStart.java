package dev.ponder.engine.llamaserver;

import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.http.ServerJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A llama-server that is started exactly as Ponder starts one, and asked for everything that it
/// says of itself.
public final class TrialStart implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);
  private static final String KEY = "trial";
  private static final String DATA = "data: ";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final Path log;
  private final Process shell;

  /// @param folder for its slots and its log
  public TrialStart(ManagedModel model, Path executable, Path folder)
      throws IOException, InterruptedException {
    ManagedServerSettings settings =
        ManagedServerSettings.defaults().withExecutable(executable.toString());
    int port = freePort();
    base = URI.create("http://127.0.0.1:%d/".formatted(port));
    log = Files.createTempFile(folder, "trial-", ".log");
    Path slots = Files.createTempDirectory(folder, "slots-");
    shell =
        ManagedCommand.of(model, settings, port, slots, KEY)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log.toFile())
            .start();
    awaitReady(model);
  }

  /// The words of the server's command line, with signs in place of what differs each time.
  public static List<String> commandLine(ManagedModel model) {
    List<String> words = ManagedCommand.arguments(model, 0, Path.of("{slots}"));
    words.set(words.indexOf("-m") + 1, "{model}");
    words.set(words.indexOf("--port") + 1, "{port}");
    return words;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady(ManagedModel model) throws IOException, InterruptedException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (!healthy()) {
      if (shell.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        close();
        throw new AssertionError(
            "llama-server did not take the options of %s: %s%n%s"
                .formatted(model.name(), commandLine(model), Files.readString(log)));
      }
    }
  }

  private boolean healthy() throws InterruptedException {
    try {
      return send(request("health").GET().build()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// What `GET /props` answers.
  public JsonNode props() throws IOException, InterruptedException {
    return read(send(request("props").GET().build()).body());
  }

  /// Sends a completion as the client of Ponder does; the last event of its stream.
  public JsonNode complete(GenerationRequest request) throws IOException, InterruptedException {
    ServerProps known = ServerProps.parse(send(request("props").GET().build()).body().getBytes());
    String rendered =
        post(
            "apply-template", json -> CompletionBody.messages(json, request.conversation(), known));
    String prompt = read(rendered).get("prompt").asString();
    String events = post("completion", CompletionBody.of(request, prompt, true, ServerSlots.ANY));
    @Nullable String last =
        events.lines().filter(line -> line.startsWith(DATA)).reduce((a, b) -> b).orElse(null);
    if (last == null) {
      throw new AssertionError("No event came: " + events);
    }
    return read(last.substring(DATA.length()));
  }

  /// The lines of its log that match, without their times.
  public List<String> logged(String pattern) throws IOException {
    return Files.readString(log)
        .lines()
        .filter(line -> line.matches(pattern))
        .map(line -> line.replaceFirst("^[0-9.]+ ", "").replaceAll(" +", " "))
        .toList();
  }

  private String post(String path, Consumer<JsonGenerator> members)
      throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json =
        ServerJson.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      members.accept(json);
      json.writeEndObject();
    }
    var body = HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray());
    HttpResponse<String> answer = send(request(path).POST(body).build());
    if (answer.statusCode() != 200) {
      throw new AssertionError("/%s: %d %s".formatted(path, answer.statusCode(), answer.body()));
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(LONGEST_ANSWER)
        .header("Authorization", "Bearer " + KEY);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode read(String json) {
    return JsonMapper.shared().readTree(json);
  }

  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    try {
      if (!shell.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("llama-server did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
