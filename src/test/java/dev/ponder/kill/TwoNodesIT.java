package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on one PostgreSQL work off thousands of jobs, and are killed with SIGKILL at random
/// while clients submit and jobs run. `-Dponder.kill.seed=N` repeats the choice of victims,
/// `-Dponder.kill.jobs=N` sets the number of jobs.
@Tag("slow")
class TwoNodesIT {

  private static final int JOBS = Integer.getInteger("ponder.kill.jobs", 10_000);
  private static final int CLIENTS = 6;
  private static final long SEED =
      Long.getLong("ponder.kill.seed", new Random().nextLong(1_000_000));
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(8);
  private static final Duration LONGEST = Duration.ofMinutes(20);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConcurrentHashMap<String, String> accepted = new ConcurrentHashMap<>();

  @Test
  void noJobIsLostAndNoneIsDoubledWhenNodesAreKilledAtRandom() throws Exception {
    String database = TestDatabase.freshPostgres();
    long begun = System.nanoTime();
    int kills = 0;
    try (var one = node("one", database).start();
        var two = node("two", database).start();
        var clients = Executors.newFixedThreadPool(CLIENTS);
        var connection = DriverManager.getConnection(database, "postgres", "")) {
      List<NodeProcess> nodes = List.of(one, two);
      var next = new AtomicInteger();
      List<Future<?>> submitting = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        submitting.add(clients.submit(() -> submitAll(next, nodes)));
      }
      var random = new Random(SEED);
      while (unfinished(connection) > 0 || accepted.size() < JOBS) {
        assertThat(System.nanoTime() - begun).isLessThan(LONGEST.toNanos());
        TimeUnit.MILLISECONDS.sleep(random.nextLong(BETWEEN_KILLS.toMillis()));
        if (unfinished(connection) > 0) {
          NodeProcess victim = nodes.get(random.nextInt(nodes.size()));
          victim.kill();
          kills++;
          victim.start();
        }
      }
      for (Future<?> client : submitting) {
        client.get();
      }
      System.out.printf(
          "TwoNodesIT: seed %d, %d jobs, %d kills, %.0f s%n",
          SEED, JOBS, kills, (System.nanoTime() - begun) / 1e9);

      assertNothingLostOrDoubled(connection);
      assertThat(kills).isPositive();
    }
  }

  private void assertNothingLostOrDoubled(Connection connection) throws SQLException {
    assertThat(number(connection, "select count(*) from job")).isEqualTo(JOBS);
    assertThat(accepted.values()).doesNotHaveDuplicates().hasSize(JOBS);
    assertThat(
            number(
                connection,
                "select count(*) from job where status = 'COMPLETED'"
                    + " and answer_text = 'The answer is 13.' and answer_completeness = 'FULL'"))
        .as("jobs with their right and full answer")
        .isEqualTo(JOBS);
    assertThat(number(connection, "select count(*) from thought where finished_at is not null"))
        .isEqualTo(7L * JOBS);
    assertThat(number(connection, "select count(*) from chunk")).isZero();
    for (String once : List.of("THOUGHT_FINISHED", "STAGE_ENTERED", "ANSWERED")) {
      assertThat(
              number(
                  connection,
                  """
                  select count(*) from (select 1 from journal where kind = '%s'
                    group by job_id, stage, visit, branch having count(*) > 1) doubled
                  """
                      .formatted(once)))
          .as(once + " more than once")
          .isZero();
    }
  }

  private static NodeProcess node(String name, String database, Path folder) {
    return new NodeProcess(
        name,
        folder,
        List.of(
            "ponder.data=" + folder.resolve(name),
            "spring.datasource.url=" + database,
            "spring.datasource.username=postgres",
            "ponder.jobs.waiting-max=" + 2 * JOBS,
            "ponder.lease.heartbeat=500ms",
            "ponder.lease.dead-after=3s"));
  }

  private NodeProcess node(String name, String database) {
    return node(name, database, folder);
  }

  private void submitAll(AtomicInteger next, List<NodeProcess> nodes) {
    int number;
    while ((number = next.getAndIncrement()) < JOBS) {
      String key = "job-" + number;
      for (int turn = number; !accepted.containsKey(key); turn++) {
        URI base = nodes.get(turn % nodes.size()).base();
        String location = base == null ? null : submit(base, key);
        if (location != null) {
          accepted.put(key, location);
        } else {
          pause();
        }
      }
    }
  }

  /// The new job's path, or null if the node gave no answer.
  private String submit(URI base, String key) {
    var request =
        HttpRequest.newBuilder(base.resolve("/v1/jobs"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"How much change?\"}"))
            .build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.discarding());
      return response.statusCode() < 300
          ? response.headers().firstValue("Location").orElseThrow()
          : null;
    } catch (IOException killed) {
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long unfinished(Connection connection) throws SQLException {
    return JOBS - number(connection, "select count(*) from job where status = 'COMPLETED'");
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
