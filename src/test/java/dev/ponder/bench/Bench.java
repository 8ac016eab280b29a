package dev.ponder.bench;

import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.YamlPipelines;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes the figures of the parts that are named, or of all. With `--keep` they go into
/// `docs/figures.md`.
final class Bench {

  private static final Duration EACH = Duration.ofSeconds(40);
  private static final Path PAGE = Path.of("docs/figures.md");
  private static final String KEEP = "--keep";

  private Bench() {}

  private interface Part {
    void run(Path scratch) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    var chosen = new ArrayList<>(List.of(arguments));
    boolean keeps = chosen.remove(KEEP);
    var results = new Results();
    var growth =
        new GrowthBench(results, new YamlPipelines(new PipelineSettings("stage-configs")).all());
    Map<String, Part> parts = parts(results, growth);
    if (!parts.keySet().containsAll(chosen)) {
      System.err.println(
          "Say which figures to take, of %s, or nothing for all of them; %s writes them into %s."
              .formatted(parts.keySet(), KEEP, PAGE));
      System.exit(2);
    }
    if (!chosen.isEmpty()) {
      parts.keySet().retainAll(chosen);
    }
    Path scratch = Files.createTempDirectory("ponder-bench");
    double loadBefore = load();
    try {
      for (var part : parts.entrySet()) {
        results.begin(part.getKey());
        part.getValue().run(scratch);
      }
    } finally {
      remove(scratch);
    }
    String taken = taken(loadBefore);
    System.out.println(taken);
    if (keeps) {
      results.keep(PAGE, taken);
    }
    if (growth.grows()) {
      System.err.println("Something takes longer than its text is long: see the lines with `!`.");
    }
    // What was measured is over; nobody needs to wait for idle threads of clients.
    System.exit(growth.grows() ? 1 : 0);
  }

  private static Map<String, Part> parts(Results results, GrowthBench growth) {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("stages", scratch -> new StageBench(results).run(scratch, EACH));
    parts.put("throughput", scratch -> new ThroughputBench(results).run(scratch, EACH));
    parts.put("storage", scratch -> new StorageBench(results).run(scratch));
    parts.put("keeping", scratch -> new KeepingBench(results).run(scratch));
    parts.put("list", scratch -> new ListBench(results).run(scratch));
    parts.put("file", scratch -> new FileBench(results).run(scratch));
    parts.put("database", scratch -> new DatabaseBench(results).run(scratch));
    parts.put("speed", scratch -> new SpeedBench(results).run(scratch, EACH.multipliedBy(2)));
    parts.put(
        "engines",
        scratch -> new EnginesBench(results).run(scratch, EACH.multipliedBy(3).dividedBy(2)));
    parts.put("memory", scratch -> new MemoryBench(results).run(scratch));
    parts.put("growth", scratch -> growth.run());
    parts.put("start", scratch -> new StartBench(results).run(scratch));
    parts.put("abuse", scratch -> new AbuseBench(results).run(scratch));
    return parts;
  }

  /// When, at which commit, with which flags of Java, and on what.
  private static String taken(double loadBefore) {
    return "%s, %s, %s; %s, %d cores, JDK %s, load %.1f to %.1f"
        .formatted(
            LocalDate.now(),
            System.getProperty("bench.commit", "unknown"),
            System.getProperty("bench.options", "unknown flags"),
            System.getProperty("bench.processor", System.getProperty("os.arch")),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().feature(),
            loadBefore,
            load());
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
