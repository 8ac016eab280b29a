package dev.ponder.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobStatus;
import dev.ponder.thinking.ScriptedService;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same promise for every controller there is, while the jobs that the fuzzer submits are
/// thought about.
class WholeServiceFuzzTests {

  @TempDir Path data;

  private static final String KEY = "fuzz-5d1c0a7e93b84f26-fuzz-5d1c0a7e93b84f26";

  /// `-Dfuzz.requests=50000` sends as many in each of the two ways.
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1500);

  @ParameterizedTest
  @ValueSource(strings = {"", KEY})
  void noRequestGetsAnAnswerThatIsNotDescribedWhileJobsRun(String key) throws Exception {
    long seed = Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("fuzz.seed=" + seed);

    try (var service =
        new ScriptedService(
            data,
            new ScriptedEngine("mini"),
            "ponder.memory.sweep-interval=300ms",
            "ponder.housekeeping.poll=50ms",
            "ponder.archive.after=1s",
            "ponder.api-keys=" + key)) {
      List<UUID> done = IntStream.range(0, 3).mapToObj(i -> service.submit("Why?")).toList();
      done.forEach(id -> assertThat(service.ended(id).status()).isNotEqualTo(JobStatus.RUNNING));

      var fuzzer = new ApiFuzzer(service.port(), seed);
      var report =
          (key.isEmpty() ? fuzzer : fuzzer.key(key))
              .run(REQUESTS, done.stream().map(UUID::toString).toList());

      report.answers().forEach((answer, times) -> System.out.println(times + "\t" + answer));
      assertThat(report.breaches()).isEmpty();
      assertThat(report.answers().keySet())
          .contains(
              "GET /v1/models 200",
              "GET /v1/pipelines 200",
              "GET /v1/jobs/{id}/thoughts 200",
              "GET /v1/jobs/{id}/thoughts 404",
              "GET /v1/jobs/{id}/thoughts/{thought} 200",
              "GET /v1/jobs/{id}/thoughts/{thought} 404",
              "POST /v1/jobs/{id}/restore 200",
              "GET /v1/jobs/{id}/checkpoints 200");
    }
  }
}
