package dev.ponder.bench;

import dev.ponder.journal.storage.Storage;
import dev.ponder.thinking.SweepForBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;

/// What 10,000 finished jobs take before and after the sweep: the H2 file as it ships, compacted,
/// and the bytes of content in it. Their rows are those of the embedded model's jobs, with other
/// numbers in each; they are put there by SQL, because 10,000 real jobs take an hour.
final class KeepingBench {

  private static final int JOBS = 10_000;
  private static final int COMPRESSED_JOBS = 1_000;
  private static final int BATCH = 500;
  private static final OffsetDateTime ENDED =
      OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC);

  private final Results results;

  KeepingBench(Results results) {
    this.results = results;
  }

  private record Size(long file, long content) {}

  void run(Path scratch) throws Exception {
    archive(scratch.resolve("keeping-archive"));
    compress(scratch.resolve("keeping-compress"));
  }

  private void archive(Path data) throws Exception {
    Size before = filled(data, JOBS);
    double seconds;
    try (var service = service(data, "ponder.memory.sweep-compresses=false")) {
      long begun = System.nanoTime();
      SweepForBench.Swept swept = SweepForBench.sweep(service.bean(SweepForBench.beanType()));
      seconds = (System.nanoTime() - begun) / 1e9;
      if (swept.archived() != JOBS) {
        throw new IllegalStateException(swept.archived() + " jobs were archived");
      }
    }
    Size after = measured(data);
    String how = "%,d jobs of 7 short thoughts; whole H2 file, compacted".formatted(JOBS);
    add("MB of %,d finished jobs".formatted(JOBS), before.file() / 1e6, how);
    add("  after the sweep has archived them", after.file() / 1e6, how);
    add("  bytes of content before", before.content() / 1e6, "MB, as ponder.storage counts them");
    add("  bytes of content after", after.content() / 1e6, "MB, the same");
    add("  jobs archived per second", JOBS / seconds, "one sweep, one thread");
  }

  private void compress(Path data) throws Exception {
    Size before = filled(data, COMPRESSED_JOBS);
    SweepForBench.Swept swept;
    double seconds;
    try (var service =
        service(
            data,
            "ponder.archive.after=36500d",
            "ponder.memory.sweep-thoughts=1000000",
            "ponder.memory.sweep-tokens=100000000")) {
      long begun = System.nanoTime();
      swept = SweepForBench.sweep(service.bean(SweepForBench.beanType()));
      seconds = (System.nanoTime() - begun) / 1e9;
    }
    Size after = measured(data);
    String how =
        "%,d jobs; %d thoughts compressed, %d left as they are; whole H2 file, compacted"
            .formatted(COMPRESSED_JOBS, swept.compressed(), swept.leftAsTheyAre());
    add("MB of %,d finished jobs".formatted(COMPRESSED_JOBS), before.file() / 1e6, how);
    add("  after the sweep has compressed their thoughts", after.file() / 1e6, how);
    add(
        "  milliseconds of a compressed thought without its model",
        seconds * 1000 / Math.max(1, swept.compressed()),
        "an engine that answers at once");
  }

  private void add(String name, double value, String how) {
    results.add(name, Results.number(value), "", how);
  }

  private static BenchService service(Path data, String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("ponder.memory.sweep-time=10m");
    all.add("ponder.memory.sweep-interval=24h");
    return new BenchService(data, new KeyEngine(), all.toArray(String[]::new));
  }

  private static Size filled(Path data, int jobs) throws Exception {
    try (var service = service(data)) {
      var jdbc = service.bean(JdbcTemplate.class);
      String source = Files.readString(Path.of("stage-configs", "mini.yaml"));
      jdbc.update("insert into pipeline_version values ('bench', 'mini', ?)", source);
      var random = new Random(7);
      for (int from = 0; from < jobs; from += BATCH) {
        insert(jdbc, random, Math.min(BATCH, jobs - from));
      }
    }
    return measured(data);
  }

  private static Size measured(Path data) throws Exception {
    long content;
    try (var service = service(data, "ponder.memory.sweep-compresses=false")) {
      content = service.bean(Storage.class).total();
    }
    try (var database =
            DriverManager.getConnection("jdbc:h2:file:" + data + "/ponder", "ponder", "");
        var statement = database.createStatement()) {
      statement.execute("shutdown compact");
    }
    try (var files = Files.list(data)) {
      long file =
          files
              .filter(each -> each.toString().endsWith(".db"))
              .mapToLong(each -> each.toFile().length())
              .sum();
      return new Size(file, content);
    }
  }

  private static void insert(JdbcTemplate jdbc, Random random, int jobs) {
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> thoughts = new ArrayList<>();
    List<Object[]> lines = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      var puzzle = new ShortJob(random);
      rows.add(
          new Object[] {
            id, puzzle.prompt(), ENDED, ENDED, ENDED, ENDED, puzzle.answer(), puzzle.bytes()
          });
      puzzle
          .thoughts()
          .forEach(
              thought ->
                  thoughts.add(
                      new Object[] {
                        id,
                        thought.stage(),
                        thought.branch(),
                        random.nextInt(),
                        ENDED,
                        ENDED,
                        thought.text(),
                        thought.text().length()
                      }));
      IntStream.rangeClosed(1, 13)
          .forEach(seq -> lines.add(new Object[] {id, seq, ENDED, "STAGE_ENTERED", "synthesis"}));
    }
    jdbc.batchUpdate(
        """
        insert into job (id, prompt, pipeline, pipeline_hash, model, seed, created_at, deadline,
          started_at, finished_at, status, stage, visit, answer_text, answer_confidence,
          answer_completeness, answer_rests_on, fingerprint, epoch, stored)
        values (?, ?, 'mini', 'bench', 'mini', 7, ?, ?, ?, ?, 'COMPLETED', 'final_output', 1, ?, 0.9,
          'FULL', '3 of 3 branches came to this answer; verification recomputed the same',
          '3f2a9c0d51e84b7a6c1d2e3f3f2a9c0d51e84b7a6c1d2e3f3f2a9c0d51e84b7a', 1, ?)
        """,
        rows);
    jdbc.batchUpdate(
        """
        insert into thought (job_id, stage, visit, branch, seed, budget, started_at, finished_at, text,
          tokens, thinking_tokens, closed_by, decode_millis, stored)
        values (?, ?, 1, ?, ?, 512, ?, ?, ?, 70, 60, 'MODEL', 60, ?)
        """,
        thoughts);
    jdbc.batchUpdate(
        "insert into journal (job_id, seq, at, epoch, kind, stage, visit) values (?, ?, ?, 1, ?, ?, 1)",
        lines);
  }
}
