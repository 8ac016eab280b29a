package dev.ponder.engine.llamaserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real llama-server with the embedded model, started by `tools/llama-server`.
public final class LocalServer implements AutoCloseable {
  /// The stand-in for the executable; it takes the same options.
  public static final Path SCRIPT = Path.of("tools/llama-server").toAbsolutePath();

  public static final Path MINI =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf").toAbsolutePath();

  /// What each slot holds, in tokens.
  public static final int CONTEXT = 2_048;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final List<String> command;
  private final Path log;
  private Process process;

  private LocalServer(int slots, List<String> more) {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
      this.log = Files.createTempFile("llama-server-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.command = new ArrayList<>(List.of(SCRIPT.toString(), "-m", MINI.toString()));
    command.addAll(List.of("--port", "" + port, "-np", "" + slots, "-c", "" + slots * CONTEXT));
    command.addAll(List.of("-a", "mini", "-t", "1", "--cache-ram", "0", "--no-webui", "--props"));
    command.add("--metrics");
    command.addAll(more);
    start();
  }

  /// A server that is ready.
  public static LocalServer with(int slots, String... options) {
    return new LocalServer(slots, List.of(options));
  }

  /// A server that runs for so many percent of the time only, which makes a slow one of it.
  public static LocalServer slow(int slots, int percent) {
    return with(slots, "--duty", "" + percent);
  }

  /// Starts it again where it was.
  public void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!ready()) {
        if (System.nanoTime() > end || process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("llama-server did not start:\n" + Files.readString(log));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private boolean ready() throws InterruptedException {
    try {
      return send("health").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  public URI url() {
    return URI.create("http://127.0.0.1:%d/".formatted(port));
  }

  /// A client of it as Ponder makes one.
  public LlamaServerEngine engine() {
    return new LlamaServerEngine(
        ServerConnection.to("mini", url(), null),
        LlamaServerSettings.defaults(),
        InstantSource.system());
  }

  /// One that keeps snapshots of its thoughts.
  LlamaServerEngine engine(SnapshotStore store) {
    return new LlamaServerEngine(
        ServerConnection.to("mini", url(), null).at(ServerPlace.attached(store)),
        LlamaServerSettings.defaults(),
        InstantSource.system());
  }

  /// How many slots decode now, as the server itself says.
  int busySlots() {
    int busy = 0;
    for (JsonNode slot : slots()) {
      busy += slot.get("is_processing").asBoolean() ? 1 : 0;
    }
    return busy;
  }

  /// Tokens written since it started, as the server itself says.
  long tokensDecoded() {
    return counter("tokens_predicted_total");
  }

  /// Prompt tokens that it did not find in a slot, since it started.
  long promptTokensEvaluated() {
    return counter("prompt_tokens_total");
  }

  private long counter(String name) {
    return body("metrics")
        .lines()
        .filter(line -> line.matches("llamacpp:%s .*".formatted(name)))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode slots() {
    return JsonMapper.shared().readTree(body("slots"));
  }

  private String body(String path) {
    try {
      return send(path).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// Ends it as `kill -9` does.
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("llama-server survived a kill.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
    http.close();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
