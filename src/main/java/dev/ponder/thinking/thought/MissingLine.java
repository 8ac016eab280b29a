package dev.ponder.thinking.thought;

import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import java.util.Optional;

/// The line of a conclusion that its stage is there for: the answer of a branch, the candidate of
/// the synthesis, the verification's own answer. Its verdict is not asked for: where there is an
/// answer, that decides.
final class MissingLine {

  /// Tokens for the line at most: an answer, or its essence in a sentence.
  static final int MOST_TOKENS = 96;

  private final StageConfig stage;
  private final Optional<String> name;

  MissingLine(Assignment assignment) {
    this.stage = assignment.pipeline().stage(assignment.key().stage());
    this.name = name(assignment.key().stage());
  }

  private static Optional<String> name(Stage stage) {
    return switch (stage) {
      case DEEP_EXPLORATION, VERIFICATION -> Optional.of("answer");
      case SYNTHESIS -> Optional.of("candidate");
      case INITIAL_ANALYSIS, FINAL_OUTPUT -> Optional.empty();
    };
  }

  boolean isThere(String conclusion) {
    return name.isEmpty() || stage.read(name.get(), conclusion).isPresent();
  }

  /// What the line begins with, if it is missing and has not been asked for: a conclusion that has
  /// the beginning and no value was asked before, perhaps by a run that is no more.
  ///
  /// @param prompt that was asked, which may show the line
  Optional<String> beginning(String conclusion, String prompt) {
    if (isThere(conclusion)) {
      return Optional.empty();
    }
    return stage
        .label(name.get(), prompt)
        .filter(
            label -> conclusion.lines().noneMatch(line -> line.strip().startsWith(label.strip())));
  }
}
