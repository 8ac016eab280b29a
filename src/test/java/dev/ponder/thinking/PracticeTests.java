package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.JllamaModel;
import dev.ponder.engine.jllama.SeatSettings;
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

/// The whole service with the model that ships with it.
class PracticeTests {

  private static final Path MODEL =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir Path data;
  private JllamaEngine engine;
  private ScriptedService service;

  @BeforeEach
  void start() {
    engine =
        new JllamaEngine(new JllamaModel("mini", MODEL, 2048, 6, 1, 0), SeatSettings.defaults());
    service = new ScriptedService(data, engine);
  }

  @AfterEach
  void stop() {
    service.close();
    engine.close();
  }

  private record Asked(String prompt, String answer) {}

  @Test
  void nineOfTenPracticeProblemsComeOutRightAndTheSameAgain() throws IOException {
    List<Asked> problems = problems();

    List<String> first = answers(problems);
    List<String> second = answers(problems);

    long right = 0;
    for (int i = 0; i < problems.size(); i++) {
      if (first.get(i).matches("(?s).*\\b" + problems.get(i).answer() + "\\b.*")) {
        right++;
      }
    }
    assertThat(right).as("right, of " + first).isGreaterThanOrEqualTo(9);
    assertThat(second).isEqualTo(first);
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
      System.err.println(
          problem.answer()
              + " <- "
              + answer
              + " "
              + java.time.Duration.between(job.createdAt(), job.finishedAt().orElseThrow())
                  .toMillis()
              + " ms, visit "
              + job.visit());
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
