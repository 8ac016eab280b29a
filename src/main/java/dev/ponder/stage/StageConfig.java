package dev.ponder.stage;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One stage of a pipeline.
///
/// @param temperature 0 to 2; 0 is greedy, which thinking models answer with endless repetition
/// @param maxTokens tokens of one thought at most, thinking and conclusion together
/// @param conclusionTokens the part of `maxTokens` that is kept for the conclusion
/// @param branches how many thoughts run side by side, at least 1
/// @param mode the emphasis that the stage's prompt names, such as `fact checking`
/// @param reads patterns that read a value from the conclusion, by name (`answer`, `candidate`,
///     `verdict`, `confidence`); the first group is the value
public record StageConfig(
    Stage stage,
    double temperature,
    int maxTokens,
    int conclusionTokens,
    int branches,
    @Nullable String mode,
    PromptTemplate template,
    Map<String, Pattern> reads) {

  public StageConfig {
    reads = Map.copyOf(reads);
  }

  /// The value that the pattern `name` finds in a conclusion: of several matches the last, because
  /// a model that corrects itself does so at the end.
  public Optional<String> read(String name, String conclusion) {
    Pattern pattern = reads.get(name);
    if (pattern == null) {
      return Optional.empty();
    }
    Matcher matcher = pattern.matcher(conclusion);
    String found = null;
    while (matcher.find()) {
      // A group of an alternative that did not take part is null.
      found = matcher.group(1) == null ? found : matcher.group(1).strip();
    }
    return Optional.ofNullable(found).filter(value -> !value.isEmpty());
  }
}
