package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import dev.ponder.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged service thinks on a llama-server that it runs itself or that is attached, and that
/// server is killed in the middle of a thought of each stage.
@NeedsLlamaServer
@Timeout(300)
@Tag("slow")
class LlamaServerKillIT {

  static final String PROMPT =
      "Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each. Ada pays with 60 coins."
          + " How much change does Ada get?";

  @TempDir Path data;

  @Test
  void aJobOutlivesItsServerInEveryStage() throws Exception {
    List<Long> killed = new ArrayList<>();
    try (var service = new PackagedService(data, options(data, 5)).start()) {
      String id = service.submit(PROMPT);
      for (Stage stage : Stage.values()) {
        service.until(id, stage.key() + " writes", job -> tokens(job, stage) >= 3);
        ProcessHandle server = server(service);
        killed.add(server.pid());
        server.destroyForcibly();
      }
      JsonNode done =
          service.until(id, "the job is over", job -> !isGoingOn(job.get("status").asString()));
      ProcessHandle last = server(service);
      service.kill();

      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.get("answer").get("text").asString()).contains("13");
      assertThat(killed).doesNotHaveDuplicates().hasSize(Stage.values().length);
      PackagedService.eventually(
          Duration.ofSeconds(60),
          "the server does not outlive its service",
          () -> last.isAlive() ? null : true);
    }
  }

  @Test
  void aJobOutlivesAnAttachedServerThatIsKilledAndStartedAgainInEveryStage() throws Exception {
    try (var server = LocalServer.with(6, "--duty", "5", "-a", "attached");
        var service =
            new PackagedService(
                    data,
                    "--llama-server",
                    server.url().toString(),
                    "--ponder.models.attached.pipeline=mini")
                .start()) {
      String id = service.submit(PROMPT);
      for (Stage stage : Stage.values()) {
        service.until(id, stage.key() + " writes", job -> tokens(job, stage) >= 3);
        server.kill();
        server.start();
      }
      JsonNode done =
          service.until(id, "the job is over", job -> !isGoingOn(job.get("status").asString()));

      assertThat(done.get("status").asString()).as(done.toString()).isEqualTo("completed");
      assertThat(done.get("answer").get("text").asString()).contains("13");
      assertThat(done.get("resumes").valueStream().map(it -> it.get("tokensAgain").asInt()))
          .isNotEmpty()
          .allMatch(again -> again <= 64);
    }
  }

  /// A llama-server that runs for a small part of the time only; it thinks too fast to be met
  /// otherwise.
  static String[] options(Path data, int duty) throws IOException {
    Path slow = data.resolve("slow-server");
    Files.writeString(
        slow, "#!/bin/sh\nexec '%s' \"$@\" --duty %d\n".formatted(LocalServer.SCRIPT, duty));
    Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new String[] {
      "--ponder.default-model=served",
      "--ponder.models.served.file=embedded:",
      "--ponder.models.served.engine=llama-server",
      "--ponder.models.served.context=2048",
      "--ponder.models.served.sequences=6",
      "--ponder.models.served.pipeline=mini",
      "--ponder.engine.llama-server.executable=" + slow
    };
  }

  /// Service, guard, server; the guard watches in a process of its own.
  static ProcessHandle server(PackagedService service) {
    return PackagedService.eventually(
        Duration.ofSeconds(60),
        "the service has a llama-server",
        () ->
            service.children().stream()
                .flatMap(ProcessHandle::children)
                .filter(it -> it.info().command().orElse("").contains("python"))
                .findFirst()
                .orElse(null));
  }

  static boolean isGoingOn(String status) {
    return status.equals("queued") || status.equals("running");
  }

  private static int tokens(JsonNode job, Stage stage) {
    return job.get("stages").get(stage.ordinal()).get("tokens").asInt();
  }
}
