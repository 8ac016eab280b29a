package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged service keeps what its llama-server has evaluated of running thoughts, uses it
/// after a kill of the server and of itself, and leaves nothing behind.
@NeedsLlamaServer
@Timeout(600)
@Tag("slow")
class SnapshotKillIT {

  private static final Duration LIMIT = Duration.ofSeconds(120);

  private static final int TRIES = 5;

  @TempDir Path data;

  @Test
  void aThoughtGoesOnFromItsSnapshotAfterAKillOfTheServerAndOfTheService() throws Exception {
    try (var service = new PackagedService(data, options()).start()) {
      String first =
          restoredAfter(service, () -> LlamaServerKillIT.server(service).destroyForcibly());
      String second =
          restoredAfter(
              service,
              () -> {
                service.kill();
                service.start();
              });

      for (String id : List.of(first, second)) {
        JsonNode done = service.until(id, "the job is over", SnapshotKillIT::isOver);
        assertThat(done.get("status").asString()).isEqualTo("completed");
        assertThat(done.get("answer").get("text").asString()).contains("13");
      }
      eventually("finished thoughts leave nothing", () -> snapshots().isEmpty());
      service.stop();
      eventually("the server's own folder is gone", () -> files().isEmpty());
    }
  }

  private interface Kill {
    void happens() throws Exception;
  }

  /// Kills while a thought is saved, and waits until it is restored. A thought that ends just then
  /// needs no snapshot any more; the next job is another try.
  private String restoredAfter(PackagedService service, Kill kill) throws Exception {
    for (int tries = 0; tries < TRIES; tries++) {
      String id = service.submit(LlamaServerKillIT.PROMPT);
      awaitSnapshot();
      int before = restored();
      kill.happens();
      eventually("a thought goes on", () -> restored() > before || isOver(service.job(id)));
      if (restored() > before) {
        return id;
      }
    }
    throw new AssertionError("No thought was restored in %d jobs".formatted(TRIES));
  }

  @Test
  void aJobThatIsDeletedLeavesNothing() throws Exception {
    try (var service = new PackagedService(data, options()).start()) {
      String id = service.submit(LlamaServerKillIT.PROMPT);
      awaitSnapshot();

      service.delete(id);

      eventually("its snapshots are deleted", () -> snapshots().isEmpty());
    }
  }

  private String[] options() throws IOException {
    List<String> options = new ArrayList<>(List.of(LlamaServerKillIT.options(data, 15)));
    options.add("--ponder.engine.kv-snapshots.enabled=true");
    options.add("--ponder.engine.kv-snapshots.every-tokens=16");
    options.add("--ponder.engine.kv-snapshots.share-max=1");
    options.add("--logging.level.dev.ponder.engine.llamaserver=debug");
    return options.toArray(String[]::new);
  }

  private static boolean isOver(JsonNode job) {
    return !LlamaServerKillIT.isGoingOn(job.get("status").asString());
  }

  private void awaitSnapshot() {
    eventually("a thought is saved", () -> !snapshots().isEmpty());
  }

  private List<Path> snapshots() {
    return files().stream().filter(it -> it.toString().endsWith(".json")).toList();
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(data.resolve("kv-snapshots"))) {
      return files.toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /// How often the service says that it restored a slot.
  private int restored() {
    try (Stream<String> lines = Files.lines(data.resolve("log.txt"))) {
      return (int) lines.filter(line -> line.contains("are restored in slot")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void eventually(String what, Condition condition) {
    PackagedService.eventually(LIMIT, what, () -> condition.holds() ? true : null);
  }
}
