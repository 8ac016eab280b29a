package dev.ponder.stage;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger log = LoggerFactory.getLogger(CompressionConfig.class);

  /// The insights in what the model concluded: of several matches the last. Empty if there are
  /// none.
  public Optional<String> read(String conclusion) {
    if (insights == null) {
      return Optional.of(conclusion.strip()).filter(text -> !text.isEmpty());
    }
    return reading("reads.insights", insights, conclusion).last();
  }

  /// The statements of an unfinished thought that have to survive.
  public List<String> statements(String text) {
    return keeps == null ? List.of() : reading("keeps", keeps, text).values();
  }

  private static PatternReading reading(String key, Pattern pattern, String text) {
    PatternReading reading = PatternReading.of(pattern, text);
    if (reading.stopped() != null) {
      log.warn(
          "The pattern compression.{} of a pipeline was stopped and read nothing. {} Write it so that each line is read once: {}",
          key,
          reading.stopped(),
          pattern);
    }
    return reading;
  }
}
