package dev.ponder.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Whole jobs per second, eight at a time, with stages of one token.
final class ThroughputBench {

  private static final int TOGETHER = 8;
  private static final int JOBS_A_ROUND = 200;
  private static final int LEAST_ROUNDS = 3;

  private final Results results;

  ThroughputBench(Results results) {
    this.results = results;
  }

  private interface Submit {
    UUID job() throws Exception;
  }

  void run(Path scratch, Duration limit) throws Exception {
    var direct = new Samples();
    var overHttp = new Samples();
    var cpu = new Samples();
    try (var service =
            new BenchService(
                scratch.resolve("throughput"),
                new InstantEngine(1),
                "ponder.jobs.running-max=" + TOGETHER);
        var http = HttpClient.newHttpClient()) {
      Submit inside = () -> service.submit("How many?", "mini", 7);
      Submit outside = () -> posted(http, service.port());
      long end = System.nanoTime() + limit.toNanos();
      round(service, inside);
      round(service, outside);
      while (direct.count() < LEAST_ROUNDS || System.nanoTime() < end) {
        long before = processorTime();
        direct.add(round(service, inside));
        cpu.add((processorTime() - before) / 1e6 / JOBS_A_ROUND);
        overHttp.add(round(service, outside));
      }
    }
    String how =
        "median of %d rounds of %d jobs, first acceptance to last answer"
            .formatted(direct.count(), JOBS_A_ROUND);
    results.add(
        "jobs/s, %d at a time".formatted(TOGETHER), Results.number(direct.median()), ">= 200", how);
    results.add(
        "  processor time of a job, ms",
        Results.number(cpu.median()),
        "",
        "of the whole JVM; hardly changes with the load of the machine");
    results.add(
        "jobs/s, %d at a time, submitted over HTTP".formatted(TOGETHER),
        Results.number(overHttp.median()),
        "",
        how);
  }

  private static long processorTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// Eight clients submit as fast as they are answered; the service runs eight jobs at a time.
  private static double round(BenchService service, Submit submit) throws Exception {
    List<Job> done = new ArrayList<>();
    try (var clients = Executors.newFixedThreadPool(TOGETHER)) {
      Callable<List<UUID>> client =
          () -> {
            List<UUID> mine = new ArrayList<>();
            for (int i = 0; i < JOBS_A_ROUND / TOGETHER; i++) {
              mine.add(submit.job());
            }
            return mine;
          };
      List<UUID> ids = new ArrayList<>();
      for (Future<List<UUID>> each :
          clients.invokeAll(java.util.Collections.nCopies(TOGETHER, client))) {
        ids.addAll(each.get());
      }
      // From the last on: when it is over, few others are left to be asked for.
      for (UUID id : ids.reversed()) {
        done.add(service.answered(id, Duration.ofMillis(2)));
      }
    }
    Instant first = done.stream().map(Job::createdAt).min(Instant::compareTo).orElseThrow();
    Instant last =
        done.stream()
            .map(job -> job.finishedAt().orElseThrow())
            .max(Instant::compareTo)
            .orElseThrow();
    return done.size() * 1e9 / Duration.between(first, last).toNanos();
  }

  private static UUID posted(HttpClient http, int port) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/jobs"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"How many?\",\"seed\":7}"))
            .build();
    var response = http.send(request, BodyHandlers.discarding());
    if (response.statusCode() != 202) {
      throw new IOException("POST /v1/jobs answered " + response.statusCode());
    }
    String location = response.headers().firstValue("Location").orElseThrow();
    return JobCommands.parsed(location.substring(location.lastIndexOf('/') + 1));
  }
}
