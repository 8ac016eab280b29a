package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// PostgreSQL is killed with SIGKILL in the middle of a thought, is gone for a minute, and comes
/// back. The packaged service thinks on meanwhile.
@Tag("slow")
class DatabaseGoneIT {

  private static final Duration GONE = Duration.ofSeconds(60);
  private static final String READINESS = "/actuator/health/readiness";
  private static final String PROMPT =
      "Rosa starts with 134 coins. Then in order: times 2, take 23, add 90, add 69, add 58, take 24,"
          + " take 62, take 14, add 51, add 72. How many coins at the end?";

  @TempDir Path data;
  private final Path tables =
      Path.of("target", "postgres", "gone-" + ProcessHandle.current().pid()).toAbsolutePath();

  @Test
  void aJobOutlivesAMinuteWithoutItsDatabase() throws Exception {
    int port = freePort();
    EmbeddedPostgres postgres = postgres(port);
    String url = postgres.getJdbcUrl("postgres", "postgres");
    try (var service = new PackagedService(data, "--pace", "8").on(url).start()) {
      String id = service.submit(PROMPT);
      service.until(id, "a thought has begun", job -> tokens(job) >= 20);

      killPostgres();
      long since = System.nanoTime();
      becomes(service, READINESS, 503);
      int meanwhile = service.status("/v1/jobs/" + id);
      PackagedService.eventually(
          GONE.plusSeconds(60),
          "a minute is over",
          () -> System.nanoTime() - since >= GONE.toNanos() ? true : null);
      // Finds nothing to stop, and lets go of the folder.
      postgres.close();
      postgres = postgres(port);
      becomes(service, READINESS, 200);
      JsonNode done = service.until(id, "the job is over", DatabaseGoneIT::isOver);
      Durable durable = read(url);

      assertThat(meanwhile).isEqualTo(503);
      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.get("answer").get("text").asString()).contains("485");
      assertThat(done.get("resumes")).isEmpty();
      assertThat(durable.running()).as("chunks of finished thoughts").isEmpty();
      assertThat(durable.lines())
          .extracting(Durable.Line::kind)
          .doesNotContain("THOUGHT_RESUMED", "PAUSED");
    } finally {
      postgres.close();
    }
  }

  private static void becomes(PackagedService service, String path, int status) {
    PackagedService.eventually(
        Duration.ofSeconds(60),
        path + " answers " + status,
        () -> service.status(path) == status ? true : null);
  }

  private EmbeddedPostgres postgres(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(new File("target/postgres"))
        .setDataDirectory(tables)
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofSeconds(60))
        .setPort(port)
        .start();
  }

  private void killPostgres() throws IOException, InterruptedException {
    String pid = Files.readAllLines(tables.resolve("postmaster.pid")).getFirst().strip();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    List<ProcessHandle> all = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    PackagedService.eventually(
        Duration.ofSeconds(30),
        "PostgreSQL is gone",
        () ->
            !postmaster.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive) ? true : null);
  }

  private static Durable read(String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
      return Durable.read(connection);
    }
  }

  private static boolean isOver(JsonNode job) {
    return List.of("completed", "failed", "cancelled", "paused")
        .contains(job.get("status").asString());
  }

  private static int tokens(JsonNode job) {
    return job.get("progress").get("tokens").asInt();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
