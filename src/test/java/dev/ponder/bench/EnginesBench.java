package dev.ponder.bench;

import dev.ponder.bench.Practice.Problem;
import dev.ponder.bench.TracedEngine.Asked;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.job.Job;
import dev.ponder.journal.Journals;
import dev.ponder.memory.Thought;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Tokens per second on a llama-server, the same five stages through Ponder with the journal on and
/// by a bare script with the same prompts, turn about.
final class EnginesBench {

  private static final int SLOTS = 4;

  private final Results results;

  EnginesBench(Results results) {
    this.results = results;
  }

  /// A model and how it is asked.
  ///
  /// @param pipeline the one it thinks in
  /// @param jobs of one turn
  /// @param warmUp jobs before the first turn, until the service has compiled its code
  record Trial(
      String name, Path model, int context, String pipeline, int jobs, int warmUp, double aim) {}

  void run(Path scratch, Duration limit) throws Exception {
    Path pipelines = shortThoughts(Files.createDirectories(scratch.resolve("pipelines")));
    Trial mini = new Trial("embedded model", Practice.MODEL, 2048, "mini", 4, 80, 0.9);
    compare(mini, scratch.resolve("mini"), pipelines, limit);
    Trial smol = new Trial("SmolLM2-135M", SmolLm2.file(), 2048, "short", 1, 1, 0.99);
    compare(smol, scratch.resolve("smol"), pipelines, limit.multipliedBy(2));
    ResumeBench resume = new ResumeBench(results);
    resume.run(mini, scratch, new int[] {256, 1024, 1792});
    resume.run(smol, scratch, new int[] {128, 512, 1024});
  }

  /// The pipeline of the embedded model with smaller budgets: other models know no end in it, and
  /// write until each is used up.
  private static Path shortThoughts(Path folder) throws IOException {
    String text = Files.readString(Path.of("stage-configs/mini.yaml"));
    Files.writeString(
        folder.resolve("short.yaml"),
        text.replace("maxTokens: 512", "maxTokens: 112")
            .replace("conclusionTokens: 96", "conclusionTokens: 32")
            .replace("maxThinkingTokens: 416", "maxThinkingTokens: 80"));
    return folder;
  }

  private void compare(Trial trial, Path folder, Path pipelines, Duration limit) throws Exception {
    var ratio = new Samples();
    var bareSpeed = new Samples();
    var ponderSpeed = new Samples();
    var outside = new Samples();
    var more = new Samples();
    List<Problem> problems = Practice.problems("practice-200.jsonl");
    Path slots = Files.createDirectories(folder.resolve("slots"));
    try (var server = server(trial, slots);
        var engine = new TracedEngine(server.engine());
        var bare = new ReplayedScript(server.url());
        var service =
            new BenchService(
                folder.resolve("data"), engine, "ponder.pipelines-folder=" + pipelines)) {
      var both = new Both(trial, engine, bare, service);
      for (int i = 0; i < trial.warmUp(); i++) {
        both.turn(problems.subList(problems.size() - 1 - i, problems.size() - i));
      }
      long end = System.nanoTime() + limit.toNanos();
      for (int at = 0; at + trial.jobs() < problems.size() && System.nanoTime() < end; ) {
        Speeds speeds = both.turn(problems.subList(at, at + trial.jobs()));
        bareSpeed.add(speeds.bare());
        ponderSpeed.add(speeds.ponder());
        outside.add(speeds.outside());
        more.add(speeds.more());
        ratio.add(speeds.ponder() / speeds.bare());
        at += trial.jobs();
      }
    }
    String how = "median of %d turns of %d jobs, turn about".formatted(ratio.count(), trial.jobs());
    String name = trial.name() + " on llama-server: ";
    results.add(name + "bare script, tokens/s", Results.number(bareSpeed.median()), "", how);
    results.add(name + "Ponder, tokens/s", Results.number(ponderSpeed.median()), "", how);
    results.add(
        name + "Ponder / bare script",
        Results.number(ratio.median()),
        ">= " + trial.aim(),
        SpeedBench.spread(ratio));
    results.add(
        "  tokens Ponder wrote for each one of the script",
        Results.number(more.median()),
        "",
        "median; 1 where both did the same work");
    results.add(
        "  of a job's time outside of its requests to the engine, ms",
        Results.number(outside.median()),
        "",
        "the sharing of the trunk and the journal included");
  }

  static LocalServer server(Trial trial, Path slots) {
    return LocalServer.with(
        SLOTS,
        "-m",
        trial.model().toAbsolutePath().toString(),
        "-c",
        Integer.toString(SLOTS * trial.context()),
        "--slot-save-path",
        slots.toString());
  }

  /// @param outside milliseconds of a job outside of its requests to the engine
  /// @param more tokens that Ponder wrote for each one of the script
  private record Speeds(double ponder, double bare, double outside, double more) {}

  /// The same jobs, first through Ponder, then by the script with what Ponder asked.
  private record Both(Trial trial, TracedEngine engine, ReplayedScript bare, BenchService service) {

    Speeds turn(List<Problem> problems) throws Exception {
      long[] tokens = new long[2];
      double[] seconds = new double[2];
      double outside = 0;
      for (Problem problem : problems) {
        bare.forgetAll();
        engine.take();
        Job job = service.answered(service.submit(problem.prompt(), trial.pipeline(), 7));
        tokens[0] +=
            service.bean(Journals.class).thoughts(job.id()).stream()
                .mapToLong(Thought::tokens)
                .sum();
        seconds[0] += BenchService.took(job).toNanos() / 1e9;
        List<Asked> asked = engine.take();
        bare.forgetAll();
        outside += (BenchService.took(job).toNanos() - TracedEngine.busy(asked)) / 1e6;
        long start = System.nanoTime();
        tokens[1] += bare.think(asked);
        seconds[1] += (System.nanoTime() - start) / 1e9;
      }
      return new Speeds(
          tokens[0] / seconds[0],
          tokens[1] / seconds[1],
          outside / problems.size(),
          (double) tokens[0] / tokens[1]);
    }
  }
}
