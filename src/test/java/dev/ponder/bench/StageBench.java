package dev.ponder.bench;

import dev.ponder.job.Job;
import java.nio.file.Path;
import java.time.Duration;

/// Milliseconds that a stage takes when decoding takes none: one job at a time, from its
/// acceptance to its answer, by five.
final class StageBench {

  private static final int STAGES = 5;

  private final Results results;

  StageBench(Results results) {
    this.results = results;
  }

  void run(Path scratch, Duration limit) {
    measure(scratch, 1, limit.dividedBy(2));
    measure(scratch, 64, limit.dividedBy(2));
  }

  private void measure(Path scratch, int tokens, Duration limit) {
    var whole = new Samples();
    var running = new Samples();
    try (var service =
        new BenchService(scratch.resolve("stage-" + tokens), new InstantEngine(tokens))) {
      long end = System.nanoTime() + limit.toNanos();
      long warm = System.nanoTime() + limit.toNanos() / 3;
      while (System.nanoTime() < end) {
        Job job = service.answered(service.submit("How many?", "mini", 7));
        if (System.nanoTime() > warm) {
          whole.add(BenchService.took(job).toNanos() / 1e6 / STAGES);
          var run = Duration.between(job.startedAt().orElseThrow(), job.finishedAt().orElseThrow());
          running.add(run.toNanos() / 1e6 / STAGES);
        }
      }
    }
    String how = "instant engine, median of %d jobs, one at a time".formatted(whole.count());
    results.add(
        "stage of %d tokens, ms".formatted(tokens), Results.number(whole.median()), "<= 2", how);
    results.add("  of it after the job has begun, ms", Results.number(running.median()), "", how);
  }
}
