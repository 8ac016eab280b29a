package dev.ponder.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From the start of `./ponder serve` to the moment it is ready, and, after a kill in the middle of
/// a thought, to the first token that the thought goes on with.
final class StartBench {

  private static final int RUNS = 3;
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(90);

  private final Results results;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();

  StartBench(Results results) {
    this.results = results;
  }

  private record Running(Process process, URI base, long started, long ready, Duration cpu) {
    double seconds() {
      return (ready - started) / 1e9;
    }
  }

  void run(Path scratch) throws Exception {
    var ready = new Samples();
    var cpu = new Samples();
    var token = new Samples();
    for (int i = 0; i < RUNS; i++) {
      Path data = scratch.resolve("start-" + i);
      Running first = start(data);
      String job = submit(first.base());
      await(() -> tokens(first.base(), job) > 30);
      first.process().destroyForcibly().waitFor();
      Files.deleteIfExists(data.resolve("service.json"));

      Running second = start(data);
      await(() -> wentOn(second.base(), job));
      token.add((System.nanoTime() - second.started()) / 1e9);
      ready.add(first.seconds());
      ready.add(second.seconds());
      cpu.add(second.cpu().toNanos() / 1e9);
      second.process().destroy();
      if (!second.process().waitFor(20, TimeUnit.SECONDS)) {
        second.process().destroyForcibly().waitFor();
      }
    }
    String how = "median of %d starts of ./ponder serve".formatted(ready.count());
    results.add("start to ready, s", Results.number(ready.median()), "<= 5", how);
    results.add("  processor time of it, s", Results.number(cpu.median()), "", "of the JVM");
    results.add(
        "start after kill -9 to the first resumed token, s",
        Results.number(token.median()),
        "",
        "median of %d, 20 tokens/s, killed in the first thought".formatted(token.count()));
  }

  private Running start(Path data) throws Exception {
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(
                "./ponder", "serve", "--port", "0", "--data", data.toString(), "--pace", "20")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path file = data.resolve("service.json");
    await(() -> Files.exists(file) && Files.size(file) > 0);
    long ready = System.nanoTime();
    Duration cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
    JsonNode service = json.readTree(Files.readString(file));
    return new Running(process, URI.create(service.get("url").asString()), started, ready, cpu);
  }

  private String submit(URI base) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(base.resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"prompt\":\"Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each."
                        + " Ada pays with 60 coins. How much change does Ada get?\"}"))
            .build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body()).get("id").asString();
  }

  private JsonNode job(URI base, String id) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(base.resolve("/v1/jobs/" + id)).build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private int tokens(URI base, String id) throws IOException, InterruptedException {
    return job(base, id).get("progress").get("tokens").asInt();
  }

  private boolean wentOn(URI base, String id) throws IOException, InterruptedException {
    JsonNode job = job(base, id);
    JsonNode resumes = job.get("resumes");
    return !resumes.isEmpty()
        && job.get("progress").get("tokens").asInt() > resumes.get(0).get("tokensKept").asInt();
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(Condition condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT;
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IOException("The service was waited for in vain for 90 s");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }
}
