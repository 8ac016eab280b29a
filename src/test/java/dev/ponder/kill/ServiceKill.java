package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// The packaged service is killed with SIGKILL in the middle of a thought, in each of the stages,
/// and started again. `-Dponder.kill.seed=N` repeats the points of an earlier run.
abstract class ServiceKill {

  /// Its thoughts are the longest of the practice problems: about a hundred tokens.
  private static final String PROMPT =
      "Rosa starts with 134 coins. Then in order: times 2, take 23, add 90, add 69, add 58, take 24,"
          + " take 62, take 14, add 51, add 72. How many coins at the end?";

  /// A little before each stage ends with this problem and the default seed (all branches
  /// together).
  private static final Map<Stage, Integer> LATEST =
      Map.of(
          Stage.INITIAL_ANALYSIS, 60,
          Stage.DEEP_EXPLORATION, 300,
          Stage.SYNTHESIS, 15,
          Stage.VERIFICATION, 150,
          Stage.FINAL_OUTPUT, 8);

  private static final int CHUNK = 64;
  private static final long SEED =
      Long.getLong("ponder.kill.seed", new Random().nextLong(1_000_000));

  @TempDir Path data;

  /// Options of a service that thinks slowly enough to be met in a thought.
  abstract String[] options() throws Exception;

  /// Called between kill and restart: from then on it may think as fast as it can.
  abstract void quicken(PackagedService service) throws Exception;

  /// What an answer that is right contains, empty where it may come out otherwise.
  abstract String answer();

  @ParameterizedTest
  @EnumSource(Stage.class)
  void goesOnWithTheSameThoughtAfterSigkill(Stage stage) throws Exception {
    int point = 1 + new Random(SEED + stage.ordinal()).nextInt(LATEST.get(stage));
    System.out.printf(
        getClass().getSimpleName() + ": seed %d, %s at token %d%n", SEED, stage.key(), point);
    try (var service = new PackagedService(data, options()).start()) {
      String id = service.submit(PROMPT);
      JsonNode last =
          service.until(
              id, stage.key() + " has " + point + " tokens", job -> tokens(job, stage) >= point);
      Map<Integer, Integer> seen = branches(last, stage);
      List<ProcessHandle> engines = service.children();

      service.kill();
      Durable before = service.database(Durable::read);
      assertNoOrphans(engines);
      quicken(service);
      service.start();
      JsonNode done = service.until(id, "the job is over", ServiceKill::isOver);
      service.stop();
      Durable after = service.database(Durable::read);

      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.get("answer").get("text").asString()).isNotBlank().contains(answer());
      assertThat(before.status()).isEqualTo("RUNNING");
      assertThat(after.running()).as("chunks of finished thoughts").isEmpty();
      assertFinishedThoughtsWereNotRunAgain(before, after);
      assertRunningThoughtsWentOn(stage, before, after, seen);
    }
  }

  private static void assertFinishedThoughtsWereNotRunAgain(Durable before, Durable after) {
    assertThat(after.finished()).containsAllEntriesOf(before.finished());
    for (String thought : after.finished().keySet()) {
      assertThat(after.lines())
          .filteredOn(line -> line.kind().equals("THOUGHT_FINISHED"))
          .filteredOn(line -> line.thought().equals(thought))
          .as("how often %s was finished", thought)
          .hasSize(1);
    }
  }

  private static void assertRunningThoughtsWentOn(
      Stage stage, Durable before, Durable after, Map<Integer, Integer> seen) {
    before
        .running()
        .forEach(
            (thought, kept) -> {
              assertThat(after.finished().get(thought).text()).startsWith(kept.text());
              assertThat(after.lines())
                  .contains(new Durable.Line("THOUGHT_RESUMED", thought, kept.tokens(), CHUNK));
            });
    seen.forEach(
        (branch, tokens) -> {
          String thought = "%s.1.%d".formatted(stage.key(), branch);
          int durable =
              before.finished().containsKey(thought)
                  ? tokens
                  : before.running().getOrDefault(thought, new Durable.Running("", 0)).tokens();
          assertThat(tokens - durable)
              .as("tokens of %s that were decoded and had to be decoded again", thought)
              .isLessThanOrEqualTo(CHUNK);
        });
  }

  /// The processes of engines notice that their service is gone, and end.
  private static void assertNoOrphans(List<ProcessHandle> engines) {
    assertThat(engines).isNotEmpty();
    PackagedService.eventually(
        Duration.ofSeconds(30),
        "no engine outlives its service",
        () -> engines.stream().noneMatch(ProcessHandle::isAlive) ? true : null);
  }

  private static boolean isOver(JsonNode job) {
    return List.of("completed", "failed", "cancelled", "paused")
        .contains(job.get("status").asString());
  }

  private static int tokens(JsonNode job, Stage stage) {
    return job.get("stages").get(stage.ordinal()).get("tokens").asInt();
  }

  private static Map<Integer, Integer> branches(JsonNode job, Stage stage) {
    Map<Integer, Integer> tokens = new HashMap<>();
    for (JsonNode branch : job.get("stages").get(stage.ordinal()).get("branches")) {
      tokens.put(branch.get("number").asInt(), branch.get("tokens").asInt());
    }
    return tokens;
  }
}
