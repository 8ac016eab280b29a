package dev.ponder.stage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /// Values that a pattern may accept.
  private static final List<String> SAMPLES = List.of("7", "x", "correct", "0.5");

  public StageConfig {
    reads = Collections.unmodifiableMap(new LinkedHashMap<>(reads));
  }

  /// What was read.
  ///
  /// @param value the value, if there is one
  /// @param stopped why a pattern was stopped before its end; null if none was
  public record Reading(Optional<String> value, @Nullable String stopped) {

    private static final Reading NOTHING = new Reading(Optional.empty(), null);
  }

  /// The value that the pattern `name` finds in a conclusion, without markup around it: of several
  /// matches the last, because a model that corrects itself does so at the end.
  public Optional<String> read(String name, String conclusion) {
    return reading(name, conclusion).value();
  }

  /// The same, and what kept a pattern from reading.
  ///
  /// The pattern is asked twice: of the conclusion in its plain form, which forgives how models
  /// write a labelled line, and of the conclusion as it is. Where it finds nothing at all, tags
  /// with the name, a box and the sentence that says the answer stand for the line.
  public Reading reading(String name, String conclusion) {
    Pattern pattern = reads.get(name);
    if (pattern == null || conclusion.isEmpty()) {
      return Reading.NOTHING;
    }
    PatternReading asWritten = PatternReading.of(pattern, conclusion);
    if (asWritten.stopped() != null) {
      return new Reading(Optional.empty(), stopped(name, asWritten.stopped()));
    }
    if (asWritten.last().filter(value -> value.indexOf('\n') >= 0).isPresent()) {
      // A pattern for more than a line knows what it is doing.
      return new Reading(asWritten.last(), null);
    }
    PatternReading plain = PatternReading.of(pattern, new PlainConclusion(name, conclusion).text());
    Optional<String> value =
        plain
            .last()
            .or(asWritten::last)
            .or(() -> PlainConclusion.unlabelled(name, conclusion))
            .map(found -> PlainValue.of(name, found))
            .filter(found -> !found.isEmpty());
    return new Reading(value, plain.stopped() == null ? null : stopped(name, plain.stopped()));
  }

  /// How a line begins that the pattern `name` reads: with the name, or as a line of the prompt
  /// shows it. Empty if neither is to be had.
  public Optional<String> label(String name, String prompt) {
    Pattern pattern = reads.get(name);
    if (pattern == null) {
      return Optional.empty();
    }
    String usual = PlainConclusion.label(name) + ": ";
    boolean readable =
        SAMPLES.stream()
            .anyMatch(
                sample ->
                    PatternReading.of(pattern, usual + sample).last().stream()
                        .anyMatch(sample::equals));
    return readable ? Optional.of(usual) : PatternReading.before(pattern, prompt);
  }

  private String stopped(String name, String why) {
    return "the pattern stages.%s.reads.%s was stopped and read nothing: %s Write it so that it reads each line once"
        .formatted(stage.key(), name, why);
  }
}
