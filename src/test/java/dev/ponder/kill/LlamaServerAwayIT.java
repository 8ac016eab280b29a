package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An attached llama-server is killed under eight jobs and stays away for a minute: nothing listens
/// at its address at first, and then something that says it is loading its model.
@NeedsLlamaServer
@Timeout(400)
@Tag("slow")
class LlamaServerAwayIT {

  private static final int JOBS = 8;
  private static final Duration NOBODY = Duration.ofSeconds(30);
  private static final Duration LOADING = Duration.ofSeconds(30);

  @TempDir Path data;

  @Test
  void allJobsWaitAndCompleteByThemselves() throws Exception {
    try (var server = LocalServer.with(JOBS, "--duty", "5", "-a", "attached");
        var service =
            new PackagedService(
                    data,
                    "--llama-server",
                    server.url().toString(),
                    "--ponder.models.attached.pipeline=mini")
                .start()) {
      List<String> jobs = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        jobs.add(service.submit(LlamaServerKillIT.PROMPT));
      }
      for (String id : jobs) {
        service.until(id, "it writes", job -> tokens(job) >= 3);
      }

      server.kill();
      for (String id : jobs) {
        service.until(id, "it waits", job -> !job.get("waitingFor").isNull());
      }
      Map<String, Long> before = new LinkedHashMap<>();
      for (String id : jobs) {
        JsonNode job = service.job(id);
        before.put(id, tokens(job));
        assertThat(job.get("status").asString()).isEqualTo("running");
        assertThat(job.at("/waitingFor/model").asString()).isEqualTo("attached");
        assertThat(job.at("/waitingFor/reason").asString()).contains("nothing seems to listen");
      }
      assertThat(service.metric("ponder_runs_waiting")).isEqualTo(JOBS);
      TimeUnit.MILLISECONDS.sleep(NOBODY.toMillis());
      List<String> asked = loads(server.url().getPort());
      assertThat(jobs)
          .allSatisfy(
              id -> assertThat(service.job(id).at("/waitingFor/since").asString()).isNotEmpty());
      server.start();
      long back = System.nanoTime();

      Map<String, Double> after = new LinkedHashMap<>();
      PackagedService.eventually(
          Duration.ofSeconds(120),
          "all jobs write again",
          () -> {
            for (String id : jobs) {
              if (!after.containsKey(id) && tokens(service.job(id)) > before.get(id)) {
                after.put(id, (System.nanoTime() - back) / 1e9);
              }
            }
            return after.size() == JOBS ? true : null;
          });
      System.out.printf(
          "LlamaServerAwayIT: first new token after %s s; asked while it loaded: %s%n",
          after.values().stream().map("%.1f"::formatted).sorted().toList(), asked);

      assertThat(asked).as("of eight jobs in %s", LOADING).hasSizeBetween(2, 5);
      assertThat(asked).as("no thought is tried meanwhile").allMatch(it -> it.equals("/health"));
      for (String id : jobs) {
        JsonNode done = service.until(id, "it is over", job -> !isGoingOn(job));
        assertThat(done.get("status").asString()).as(done.toString()).isEqualTo("completed");
        assertThat(done.at("/answer/completeness").asString()).isEqualTo("full");
        assertThat(done.get("resumes").valueStream().map(it -> it.get("tokensAgain").asInt()))
            .isNotEmpty()
            .allMatch(again -> again <= 64);
      }
      assertThat(service.metric("ponder_runs_waiting")).isZero();
      assertThat(service.log()).doesNotContain("is paused");
    }
  }

  /// Says for a while that the model is being loaded, as a llama-server does. Answers what it was
  /// asked for.
  private static List<String> loads(int port) throws IOException, InterruptedException {
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    byte[] loading =
        "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}"
            .getBytes(StandardCharsets.UTF_8);
    HttpServer stub = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    stub.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(503, loading.length);
          exchange.getResponseBody().write(loading);
          exchange.close();
        });
    stub.start();
    TimeUnit.MILLISECONDS.sleep(LOADING.toMillis());
    stub.stop(0);
    return List.copyOf(asked);
  }

  private static boolean isGoingOn(JsonNode job) {
    return LlamaServerKillIT.isGoingOn(job.get("status").asString());
  }

  private static long tokens(JsonNode job) {
    return job.at("/progress/tokens").asLong();
  }
}
