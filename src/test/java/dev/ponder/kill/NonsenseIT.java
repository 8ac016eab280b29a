package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.gguf.RandomQwen3Moe;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged service on the profile that Ponder exists for, with its own options and a file of
/// its own architecture, whose weights are random: no thought makes sense, tags come where they
/// like, and some of what is written is no text.
@NeedsLlamaServer
@Timeout(300)
class NonsenseIT {

  private static final String PROFILE = "qwen3-30b-thinking";

  @TempDir static Path data;

  private static PackagedService service;

  @BeforeAll
  static void start() throws IOException {
    Path file = RandomQwen3Moe.write(data.resolve("random.gguf"));
    Path pipelines = Files.createDirectory(data.resolve("pipelines"));
    String shipped = Files.readString(Path.of("stage-configs", PROFILE + ".yaml"));
    Files.writeString(
        pipelines.resolve("short.yaml"),
        shipped
            .replaceAll("maxTokens: \\d+", "maxTokens: 300")
            .replaceAll("conclusionTokens: \\d+", "conclusionTokens: 60"));
    service =
        new PackagedService(
                data,
                "--ponder.default-model=" + PROFILE,
                "--ponder.models." + PROFILE + ".file=" + file,
                // The profile asks for eight threads, and here are fewer cores.
                "--ponder.models." + PROFILE + ".threads=1",
                "--ponder.models.seated.file=" + file,
                "--ponder.pipelines-folder=" + pipelines,
                "--ponder.engine.llama-server.executable=" + LocalServer.SCRIPT)
            .start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aJobGoesThroughAllStagesWhateverTheModelWrites() {
    JsonNode job = ended(submit(1, 600, "short"));

    assertAnswered(job);
    assertThat(job.get("stages").valueStream().map(stage -> stage.get("status").asString()))
        .containsOnly("completed");
    JsonNode thoughts = service.get("/v1/jobs/%s/thoughts".formatted(job.get("id").asString()));
    assertThat(thoughts.findValuesAsString("stage")).hasSizeGreaterThanOrEqualTo(7);
  }

  /// Its budgets are far beyond what can be written in so short a time.
  @Test
  void jobsInTheLongPipelineAreAnsweredBeforeTheirDeadline() {
    List<String> jobs = IntStream.of(2, 3).mapToObj(seed -> submit(seed, 30, PROFILE)).toList();

    for (String id : jobs) {
      assertAnswered(ended(id));
    }
  }

  @Test
  void aSeatRefusesTheArchitectureAndSaysWhatServesIt() {
    JsonNode models = service.get("/v1/models");

    JsonNode seated =
        models.findParents("name").stream()
            .filter(model -> model.get("name").asString().equals("seated"))
            .findFirst()
            .orElseThrow();
    assertThat(seated.toString())
        .contains("unusable", "'qwen3moe'", "jllama 4.2.0", "llama-server", "OpenAI-compatible");
  }

  private static String submit(int seed, int deadlineSeconds, String pipeline) {
    return service.submit(
        Map.of(
            "prompt", "Ada has 12 apples and gives 3 away. How many are left?",
            "seed", seed,
            "deadlineSeconds", deadlineSeconds,
            "pipeline", pipeline));
  }

  private static JsonNode ended(String id) {
    return service.until(id, "the job is over", NonsenseIT::isOver);
  }

  private static void assertAnswered(JsonNode job) {
    assertThat(job.get("status").asString()).as(job.toString()).isEqualTo("completed");
    assertThat(job.get("model").asString()).isEqualTo(PROFILE);
    assertThat(job.get("answer").get("text").asString()).isNotBlank();
    assertThat(Instant.parse(job.get("finishedAt").asString()))
        .isBefore(Instant.parse(job.get("deadline").asString()));
  }

  private static boolean isOver(JsonNode job) {
    return List.of("completed", "failed", "cancelled", "paused")
        .contains(job.get("status").asString());
  }
}
