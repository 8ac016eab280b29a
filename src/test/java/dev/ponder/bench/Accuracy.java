package dev.ponder.bench;

import dev.ponder.bench.Practice.Problem;
import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.JllamaModel;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.job.Job;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.util.FileSystemUtils;

/// How many of the practice problems come out right, through the service and through a bare script
/// that drives the same five stages on the same engine.
final class Accuracy {

  private static final long SEED = 7;

  /// Jobs that wait in the service at the same time.
  private static final int TOGETHER = 50;

  private Accuracy() {}

  /// @param arguments the files of problems; without any, `practice-200.jsonl`
  public static void main(String[] arguments) throws Exception {
    var files = arguments.length == 0 ? List.of("practice-200.jsonl") : List.of(arguments);
    var scratch = Files.createTempDirectory("ponder-accuracy");
    var model = new JllamaModel("mini", Practice.MODEL, 2048, 6, 1, 0);
    try (var engine = new JllamaEngine(model, SeatSettings.defaults());
        var alone = new JllamaEngine(model, SeatSettings.defaults());
        var script = new BareScript(new SeatVoice(alone));
        var service = new BenchService(scratch, engine)) {
      for (String file : files) {
        List<Problem> problems = Practice.problems(file);
        int bare = 0;
        for (Problem problem : problems) {
          bare += problem.rightIn(script.think(problem.prompt(), SEED).answer()) ? 1 : 0;
        }
        int right = service(problems, service);
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
    } finally {
      FileSystemUtils.deleteRecursively(scratch);
    }
  }

  private static int service(List<Problem> problems, BenchService service) {
    int right = 0;
    for (int from = 0; from < problems.size(); from += TOGETHER) {
      var some = problems.subList(from, Math.min(problems.size(), from + TOGETHER));
      List<UUID> jobs = new ArrayList<>();
      some.forEach(problem -> jobs.add(service.submit(problem.prompt(), "mini", SEED)));
      for (int i = 0; i < some.size(); i++) {
        Job job = service.answered(jobs.get(i));
        right += some.get(i).rightIn(job.answer().orElseThrow().text()) ? 1 : 0;
      }
    }
    return right;
  }
}
