package dev.ponder.stage;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a pipeline has thoughts compressed into key insights.
///
/// @param temperature 0 to 2
/// @param maxTokens tokens of one compression at most, thinking and insights together
/// @param conclusionTokens the part of `maxTokens` that is kept for the insights
/// @param betweenStages whether every finished thought is compressed before the next stage reads it
/// @param template its prompt
/// @param insights reads the insights from what the model concludes; null takes all of it
/// @param keeps reads the statements of an unfinished thought that its summary has to keep; null
///     where only the results of its calculations count
public record CompressionConfig(
    double temperature,
    int maxTokens,
    int conclusionTokens,
    boolean betweenStages,
    CompressionTemplate template,
    @Nullable Pattern insights,
    @Nullable Pattern keeps) {

  /// The insights in what the model concluded: of several matches the last. Empty if there are
  /// none.
  public Optional<String> read(String conclusion) {
    String found =
        insights == null
            ? conclusion.strip()
            : insights
                .matcher(conclusion)
                .results()
                .map(match -> match.group(1))
                .filter(value -> value != null)
                .reduce("", (before, last) -> last)
                .strip();
    return Optional.of(found).filter(text -> !text.isEmpty());
  }

  /// The statements of an unfinished thought that have to survive.
  public List<String> statements(String text) {
    return keeps == null
        ? List.of()
        : keeps
            .matcher(text)
            .results()
            .map((MatchResult match) -> match.group(1))
            .filter(statement -> statement != null && !statement.isBlank())
            .map(String::strip)
            .toList();
  }
}
