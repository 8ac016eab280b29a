package dev.ponder.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.jdbc.AutodetectJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Claim;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobLeases;
import dev.ponder.job.Lease;
import dev.ponder.journal.Draft;
import dev.ponder.journal.Journals;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// What durability costs, on an H2 file as it ships and on a PostgreSQL that waits for its disk
/// (`fsync` and `synchronous_commit` on).
final class DatabaseBench {

  private static final int CLIENTS = 8;
  private static final int JOBS = 1000;
  private static final int WARM_UP = 400;
  private static final int CLAIMED_TOGETHER = 8;
  private static final int CHUNKS = 2000;
  private static final int CHUNK_TOKENS = 64;
  private static final double TOKENS_PER_SECOND = 100;
  private static final TaskDescriptor<Void> TRIVIAL = TaskDescriptor.of("trivial");

  private final Results results;

  DatabaseBench(Results results) {
    this.results = results;
  }

  void run(Path scratch) throws Exception {
    measure("H2", scratch.resolve("database-h2"), List.of());
    try (var postgres =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(new File("target/postgres"))
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .start()) {
      measure(
          "PostgreSQL",
          scratch.resolve("database-postgresql"),
          List.of(
              "spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
              "spring.datasource.username=postgres"));
    }
  }

  private void measure(String database, Path data, List<String> settings) throws Exception {
    var all = new ArrayList<>(settings);
    // The service accepts and is asked, but the benchmark claims.
    all.add("ponder.lease.poll=1h");
    all.add("ponder.lease.heartbeat=1h");
    all.add("ponder.lease.dead-after=4h");
    all.add("ponder.jobs.running-max=1");
    all.add("ponder.jobs.waiting-max=100000");
    try (var service =
        new BenchService(
            data, new ScriptedEngine("silent").hangsIn(1), all.toArray(String[]::new))) {
      // Occupies the one place there is, so that all other jobs wait for the benchmark's claims.
      service.submit("Wait", "mini", 7);
      submissions(service, WARM_UP);
      results.add(
          database + ": durable submissions/s",
          Results.number(submissions(service, JOBS)),
          "",
          "%d jobs from %d threads, each committed before the next".formatted(JOBS, CLIENTS));
      var claimed = new ArrayList<Lease>();
      double claims = claims(service, claimed);
      results.add(
          database + ": claims/s",
          Results.number(claims),
          ">= 1000",
          "one node, %d at a time, with a new epoch each".formatted(CLAIMED_TOGETHER));
      results.add(
          database + ": db-scheduler alone, trivial tasks/s",
          Results.number(trivialTasks(service, database)),
          "",
          "%d one-time tasks picked, done and removed, %d threads, in the same run"
              .formatted(JOBS, CLIENTS));
      double append = appends(service, claimed.getFirst());
      results.add(
          database + ": chunk appends/s",
          Results.number(1000 / append),
          "",
          "one thought, %d chunks of %d tokens with their ids, each committed"
              .formatted(CHUNKS, CHUNK_TOKENS));
      results.add(
          database + ": share of a token's time that persistence costs",
          "%.2f %%".formatted(100 * append / (CHUNK_TOKENS * 1000 / TOKENS_PER_SECOND)),
          "<= 1 %",
          "an append, by the time of its %d tokens at %.0f tokens/s"
              .formatted(CHUNK_TOKENS, TOKENS_PER_SECOND));
    }
  }

  private static double submissions(BenchService service, int jobs) throws Exception {
    long begun = System.nanoTime();
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      Callable<Void> client =
          () -> {
            for (int i = 0; i < jobs / CLIENTS; i++) {
              service.submit("How many?", "mini", 7);
            }
            return null;
          };
      for (Future<Void> each : clients.invokeAll(java.util.Collections.nCopies(CLIENTS, client))) {
        each.get();
      }
    }
    return jobs * 1e9 / (System.nanoTime() - begun);
  }

  private static double claims(BenchService service, List<Lease> claimed) {
    var leases = service.bean(JobLeases.class);
    long begun = System.nanoTime();
    List<Lease> more;
    do {
      more =
          leases.claim("bench", CLAIMED_TOGETHER, Duration.ZERO).stream()
              .map(Claim::lease)
              .toList();
      claimed.addAll(more);
    } while (!more.isEmpty());
    return claimed.size() * 1e9 / (System.nanoTime() - begun);
  }

  /// Median milliseconds of an append.
  private static double appends(BenchService service, Lease lease) {
    var journals = service.bean(Journals.class);
    var draft =
        journals
            .open(lease, journals.history(lease.job()), () -> false)
            .draft(
                new Draft.Blank(
                    new ThoughtKey(Stage.SYNTHESIS, 9, 1), 7, CHUNKS * CHUNK_TOKENS, null),
                null);
    int[] ids = IntStream.range(0, CHUNK_TOKENS).toArray();
    String text =
        IntStream.range(0, CHUNK_TOKENS).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    var times = new Samples();
    for (int i = 0; i < CHUNKS; i++) {
      long before = System.nanoTime();
      draft.write(text, CHUNK_TOKENS, ids);
      times.add((System.nanoTime() - before) / 1e6);
    }
    service.bean(JobCommands.class).delete(lease.job());
    return times.median();
  }

  private static double trivialTasks(BenchService service, String database) throws Exception {
    var done = new CountDownLatch(JOBS);
    var source = service.bean(DataSource.class);
    boolean postgres = database.startsWith("P");
    var builder =
        Scheduler.create(
                source, Tasks.oneTime(TRIVIAL).execute((instance, context) -> done.countDown()))
            .tableName("recurring_work")
            .threads(CLIENTS)
            .pollingInterval(Duration.ofMillis(100))
            .jdbcCustomization(new AutodetectJdbcCustomization(source, true));
    Scheduler scheduler =
        (postgres
                ? builder.pollUsingLockAndFetch(0.5, 4)
                : builder.pollUsingFetchAndLockOnExecute(0.5, 4))
            .build();
    List<TaskInstance<?>> tasks = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      tasks.add(TRIVIAL.instance(UUID.randomUUID().toString()).build());
    }
    scheduler.scheduleBatch(tasks, Instant.now());
    long begun = System.nanoTime();
    scheduler.start();
    if (!done.await(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException(done.getCount() + " tasks were not done");
    }
    double rate = JOBS * 1e9 / (System.nanoTime() - begun);
    scheduler.stop();
    return rate;
  }
}
