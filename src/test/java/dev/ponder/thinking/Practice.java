package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Engine;
import dev.ponder.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole service with the model that ships with it, on an engine that holds it.
abstract class Practice {

  static final Path MODEL = Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir Path data;
  private Engine engine;
  private ScriptedService service;

  /// @param data a folder of the test's own
  abstract Engine engine(Path data);

  /// Whether the same seed gives the same words, whatever runs beside it.
  abstract boolean isReproducible();

  @BeforeEach
  void start() {
    engine = engine(data);
    service = new ScriptedService(data, engine);
  }

  @AfterEach
  void stop() {
    service.close();
    engine.close();
  }

  private record Asked(String prompt, String answer) {}

  @Test
  void nineOfTenPracticeProblemsComeOutRight() throws IOException {
    List<Asked> problems = problems();

    List<String> first = answers(problems);

    long right = 0;
    for (int i = 0; i < problems.size(); i++) {
      if (first.get(i).matches("(?s).*\\b" + problems.get(i).answer() + "\\b.*")) {
        right++;
      }
    }
    assertThat(right).as("right, of " + first).isGreaterThanOrEqualTo(9);
    if (isReproducible()) {
      assertThat(answers(problems)).as("the same again").isEqualTo(first);
    }
  }

  private List<String> answers(List<Asked> problems) {
    var answers = new ArrayList<String>();
    for (Asked problem : problems) {
      Job job = service.ended(service.submit(problem.prompt()));
      var answer =
          job.answer()
              .orElseThrow(
                  () ->
                      new AssertionError(job.status() + " " + job.failure() + job.pausedBecause()));
      answers.add(answer.text());
    }
    return answers;
  }

  private static List<Asked> problems() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/practice/practice-10.txt")).stream()
        .map(line -> line.split("\t"))
        .map(parts -> new Asked(parts[0], parts[1]))
        .toList();
  }
}
