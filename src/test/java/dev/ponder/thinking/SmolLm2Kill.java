package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.Job;
import dev.ponder.job.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// SmolLM2-135M, which never opens or closes its thinking: what it says is taken for thinking, and
/// then it is asked for its conclusion. Budgets and prompts are short, because it is slow.
abstract class SmolLm2Kill extends EngineKill {

  static final int CONTEXT = 1024;

  /// On a slow machine the job skips stages, and ends all the same.
  private static final long DEADLINE_SECONDS = 50;

  @Override
  Submission job() {
    return new Submission(
        "Name the twelve months of the year.", "short", null, DEADLINE_SECONDS, null, Map.of());
  }

  @Override
  List<String> settings(Path folder) throws IOException {
    Path pipelines = Files.createDirectory(folder.resolve("pipelines"));
    String shipped = Files.readString(Path.of("stage-configs", "mini.yaml"));
    Files.writeString(
        pipelines.resolve("short.yaml"),
        shipped
            .replaceAll("maxTokens: \\d+", "maxTokens: 56")
            .replaceAll("conclusionTokens: \\d+", "conclusionTokens: 24"));
    return List.of("ponder.pipelines-folder=" + pipelines);
  }

  @Override
  void checkAnswer(Job job) {
    assertThat(job.answer().orElseThrow().text()).isNotBlank();
  }
}
