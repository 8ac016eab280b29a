package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Two packaged services on one PostgreSQL. The one that thinks is stopped with SIGSTOP for longer
/// than its lease, and woken with SIGCONT while the other has its job.
@Tag("slow")
class FrozenOwnerIT {

  private static final String PROMPT =
      "Rosa starts with 134 coins. Then in order: times 2, take 23, add 90, add 69, add 58, take 24,"
          + " take 62, take 14, add 51, add 72. How many coins at the end?";

  @TempDir Path first;
  @TempDir Path second;

  @Test
  void anOwnerThatWasReplacedWhileItSleptWritesNothingAndIsCounted() throws Exception {
    String database = TestDatabase.freshPostgres();
    try (var frozen = new PackagedService(first, "--pace", "20").on(database).start();
        var other = new PackagedService(second, "--pace", "20").on(database).start()) {
      // The other one looks away while the job is claimed.
      other.signal("STOP");
      String id = frozen.submit(PROMPT);
      frozen.until(id, "a thought has begun", job -> tokens(job) >= 30);
      other.signal("CONT");

      frozen.signal("STOP");
      long stopped = System.nanoTime();
      other.until(id, "the other owner goes on", job -> !job.get("resumes").isEmpty());
      Duration moved = Duration.ofNanos(System.nanoTime() - stopped);
      frozen.signal("CONT");
      PackagedService.eventually(
          Duration.ofSeconds(60),
          "the woken owner has noticed",
          () -> frozen.metric("ponder_runs_fenced_total") == 1 ? true : null);
      JsonNode done = other.until(id, "the job is over", FrozenOwnerIT::isOver);

      System.out.printf("FrozenOwnerIT: running elsewhere after %.1f s%n", moved.toMillis() / 1e3);
      assertThat(moved).isLessThan(Duration.ofSeconds(30));
      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.get("answer").get("text").asString()).contains("485");
      assertThat(other.metric("ponder_runs_fenced_total")).isZero();
      try (Connection connection = DriverManager.getConnection(database, "postgres", "")) {
        assertThat(epochs(connection)).isSorted().endsWith(2L);
        assertThat(Durable.read(connection).running()).isEmpty();
      }
    }
  }

  /// The epochs of the journal's lines in their order: nothing of an older one after a newer.
  private static List<Long> epochs(Connection connection) throws Exception {
    List<Long> epochs = new ArrayList<>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select epoch from journal order by seq")) {
      while (row.next()) {
        epochs.add(row.getLong(1));
      }
    }
    return epochs;
  }

  private static boolean isOver(JsonNode job) {
    return List.of("completed", "failed", "cancelled", "paused")
        .contains(job.get("status").asString());
  }

  private static int tokens(JsonNode job) {
    return job.get("progress").get("tokens").asInt();
  }
}
