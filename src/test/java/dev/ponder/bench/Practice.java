package dev.ponder.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// The practice problems of the embedded model.
final class Practice {

  static final Path MODEL = Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");
  private static final Path FOLDER = Path.of("src/test/resources/practice");

  private Practice() {}

  record Problem(String family, String prompt, String answer) {
    /// Whether the expected value stands as a word in what was answered.
    boolean rightIn(String said) {
      return Pattern.compile("(?<![\\w.])" + Pattern.quote(answer) + "(?!\\w|\\.\\d)")
          .matcher(said)
          .find();
    }
  }

  static List<Problem> problems(String file) throws IOException {
    var json = JsonMapper.shared();
    return Files.readAllLines(FOLDER.resolve(file)).stream()
        .filter(line -> !line.isBlank())
        .map(line -> json.readValue(line, Problem.class))
        .toList();
  }
}
