package dev.ponder.bench;

import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.YamlPipelines;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Takes the figures that are named, or all: `stages`, `throughput`, `storage`, `keeping`,
/// `list`, `file`, `database`, `speed`, `engines`, `memory`, `growth`, `start`, `abuse`.
final class Bench {

  private static final Duration EACH = Duration.ofSeconds(40);

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    var all =
        Set.of(
            "stages",
            "throughput",
            "storage",
            "keeping",
            "list",
            "file",
            "database",
            "speed",
            "engines",
            "memory",
            "growth",
            "start",
            "abuse");
    var chosen = arguments.length == 0 ? all : Set.of(arguments);
    if (!all.containsAll(chosen)) {
      System.err.println("Say which figures to take, of " + all + ", or nothing for all of them.");
      System.exit(2);
    }
    var results = new Results();
    Path scratch = Files.createTempDirectory("ponder-bench");
    double loadBefore = load();
    boolean grows = false;
    try {
      if (chosen.contains("stages")) {
        new StageBench(results).run(scratch, EACH);
      }
      if (chosen.contains("throughput")) {
        new ThroughputBench(results).run(scratch, EACH);
      }
      if (chosen.contains("storage")) {
        new StorageBench(results).run(scratch);
      }
      if (chosen.contains("keeping")) {
        new KeepingBench(results).run(scratch);
      }
      if (chosen.contains("list")) {
        new ListBench(results).run(scratch);
      }
      if (chosen.contains("file")) {
        new FileBench(results).run(scratch);
      }
      if (chosen.contains("database")) {
        new DatabaseBench(results).run(scratch);
      }
      if (chosen.contains("speed")) {
        new SpeedBench(results).run(scratch, EACH.multipliedBy(2));
      }
      if (chosen.contains("engines")) {
        new EnginesBench(results).run(scratch, EACH.multipliedBy(3).dividedBy(2));
      }
      if (chosen.contains("memory")) {
        new MemoryBench(results).run(scratch);
      }
      if (chosen.contains("growth")) {
        var pipelines = new YamlPipelines(new PipelineSettings("stage-configs")).all();
        grows = new GrowthBench(results, pipelines).run();
      }
      if (chosen.contains("start")) {
        new StartBench(results).run(scratch);
      }
      if (chosen.contains("abuse")) {
        new AbuseBench(results).run(scratch);
      }
    } finally {
      remove(scratch);
    }
    List<String> surroundings = surroundings(loadBefore);
    surroundings.forEach(System.out::println);
    if (chosen.equals(all)) {
      results.write(Path.of("bench/results.md"), "The figures of `bench/run`", surroundings);
    }
    // What was measured is over; nobody needs to wait for idle threads of clients.
    if (grows) {
      System.err.println("Something takes longer than its text is long: see the lines with `!`.");
    }
    System.exit(grows ? 1 : 0);
  }

  static List<String> surroundings(double loadBefore) {
    return List.of(
        LocalDate.now() + ", commit " + System.getProperty("bench.commit", "unknown"),
        "%s, %d cores, JDK %s"
            .formatted(
                System.getProperty("bench.processor", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version()),
        "load of the machine, our own work included: %.1f when it began, %.1f when it ended"
            .formatted(loadBefore, load()));
  }

  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  static void remove(Path folder) throws Exception {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
