package dev.ponder.bench;

import dev.ponder.bench.Practice.Problem;
import dev.ponder.engine.Engine;
import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.job.Job;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.springframework.util.FileSystemUtils;

/// How many of the practice problems come out right, through the service and by a bare script that
/// drives the same five stages on the same engine; with `--compress`, through the service with and
/// without forced compression instead.
final class Accuracy {

  private static final long SEED = 7;

  /// Jobs that wait in the service at the same time.
  private static final int TOGETHER = 50;

  /// A context so small that the longer half of the embedded model's thoughts outgrow it.
  private static final int SMALL_CONTEXT = 256;

  private static final String COMPRESS = "--compress";

  private Accuracy() {}

  /// @param arguments the files of problems; without any, `practice-200.jsonl`
  public static void main(String[] arguments) throws Exception {
    List<String> named =
        Arrays.stream(arguments).filter(argument -> !argument.equals(COMPRESS)).toList();
    boolean compress = named.size() < arguments.length;
    var scratch = Files.createTempDirectory("ponder-accuracy");
    try {
      for (String file : named.isEmpty() ? List.of("practice-200.jsonl") : named) {
        List<Problem> problems = Practice.problems(file);
        if (compress) {
          compressed(file, problems, scratch);
        } else {
          againstTheScript(file, problems, scratch);
        }
      }
    } finally {
      FileSystemUtils.deleteRecursively(scratch);
    }
  }

  private static JllamaEngine engine() {
    return new JllamaEngine(
        new JllamaModel("mini", Practice.MODEL, 2048, 6, 1, 0), SeatSettings.defaults());
  }

  private static void againstTheScript(String file, List<Problem> problems, Path scratch)
      throws Exception {
    try (var engine = engine();
        var alone = engine();
        var script = new BareScript(new SeatVoice(alone));
        var service = new BenchService(scratch.resolve(file), engine)) {
      int bare = 0;
      for (Problem problem : problems) {
        bare += problem.rightIn(script.think(problem.prompt(), SEED).answer()) ? 1 : 0;
      }
      int right = service(problems, service, "mini");
      System.out.printf(
          "%s, seed %d: right through the service %d, by the bare script %d, of %d problems"
              + " (%.3f, %.3f, difference %+.1f points)%n",
          file,
          SEED,
          right,
          bare,
          problems.size(),
          (double) right / problems.size(),
          (double) bare / problems.size(),
          100.0 * (right - bare) / problems.size());
    }
  }

  /// The same problems and seed three ways: as they are; with every finished thought compressed for
  /// the next stage; and in a context so small that running thoughts are folded.
  private static void compressed(String file, List<Problem> problems, Path scratch)
      throws Exception {
    Path pipelines = Files.createDirectories(scratch.resolve("pipelines"));
    String mini = Files.readString(Path.of("stage-configs", "mini.yaml"));
    Files.writeString(
        pipelines.resolve("between.yaml"),
        mini.replace("compression:\n", "compression:\n  betweenStages: true\n"));
    // A conclusion of the exploration is a few tokens; those kept free for it would be half of the
    // context.
    Files.writeString(
        pipelines.resolve("within.yaml"),
        mini.replace("conclusionTokens: 96\n    branches", "conclusionTokens: 24\n    branches"));
    try (var engine = engine()) {
      int plain = run(file, problems, engine, scratch.resolve(file + "-plain"), pipelines, "mini");
      int between =
          run(file, problems, engine, scratch.resolve(file + "-between"), pipelines, "between");
      int within =
          run(
              file,
              problems,
              new SmallContext(engine, SMALL_CONTEXT),
              scratch.resolve(file + "-within"),
              pipelines,
              "within");
      System.out.printf(
          "%s: compression between all stages %+.1f points, within thoughts %+.1f points%n",
          file,
          100.0 * (between - plain) / problems.size(),
          100.0 * (within - plain) / problems.size());
    }
  }

  private static int run(
      String file,
      List<Problem> problems,
      Engine engine,
      Path data,
      Path pipelines,
      String pipeline)
      throws IOException {
    try (var service =
        new BenchService(
            data,
            engine,
            "ponder.pipelines-folder=" + pipelines,
            "ponder.thinking.closing-window=8")) {
      int right = service(problems, service, pipeline);
      var meters = service.bean(MeterRegistry.class);
      System.out.printf(
          "%s, seed %d, pipeline %s: %d of %d right (%.3f); summaries accepted %.0f, rejected %.0f,"
              + " retried %.0f, from the cache %.0f, mean ratio %.2f; thoughts folded %.0f times;"
              + " prompt tokens %.0f, of them cached %.0f%n",
          file,
          SEED,
          pipeline,
          right,
          problems.size(),
          (double) right / problems.size(),
          outcome(meters, "accepted"),
          outcome(meters, "rejected"),
          meters.get("ponder.memory.retries").counter().count(),
          meters.get("ponder.memory.cache.hits").counter().count(),
          meters.get("ponder.memory.compression.ratio").summary().mean(),
          meters.get("ponder.memory.folds").counter().count(),
          meters.get("ponder.memory.prompt.tokens").counter().count(),
          meters.get("ponder.memory.cached.tokens").counter().count());
      return right;
    }
  }

  private static double outcome(MeterRegistry meters, String outcome) {
    var counter = meters.find("ponder.memory.compressions").tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }

  private static int service(List<Problem> problems, BenchService service, String pipeline) {
    int right = 0;
    for (int from = 0; from < problems.size(); from += TOGETHER) {
      var some = problems.subList(from, Math.min(problems.size(), from + TOGETHER));
      List<UUID> jobs = new ArrayList<>();
      some.forEach(problem -> jobs.add(service.submit(problem.prompt(), pipeline, SEED)));
      for (int i = 0; i < some.size(); i++) {
        Job job = service.answered(jobs.get(i));
        right += some.get(i).rightIn(job.answer().orElseThrow().text()) ? 1 : 0;
      }
    }
    return right;
  }
}
