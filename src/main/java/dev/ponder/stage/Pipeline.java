package dev.ponder.stage;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A named way of thinking, read from one file under `stage-configs/`.
///
/// @param hash SHA-256 of `source` in hex: a job is pinned to it
/// @param source the file's text, so that a job can keep the pipeline it was submitted with
/// @param timeout at most this long for a job, whatever the client asked for
/// @param maxThinkingTokens at most so many tokens before `</think>` in one thought
/// @param closing the line that ends a thought whose budget is used up, without its line ends
/// @param switches those that are on
/// @param answers how its answers are compared
/// @param asks the prompts for a conclusion in a request of its own
/// @param abstains finds an answer that is none, such as `unknown`; null if every answer is one
/// @param compression how its thoughts are compressed; null in files from before there was any
public record Pipeline(
    String name,
    String description,
    String hash,
    String source,
    Duration timeout,
    int maxThinkingTokens,
    SamplingSettings sampling,
    String closing,
    Set<Switch> switches,
    Map<Stage, StageConfig> stages,
    ConclusionPrompts asks,
    AnswerComparison answers,
    @Nullable Pattern abstains,
    @Nullable CompressionConfig compression) {

  public StageConfig stage(Stage stage) {
    return stages.get(stage);
  }

  /// Whether an answer says that there is none. A pattern that has to be stopped says no.
  public boolean abstains(String answer) {
    return abstains != null && PatternReading.finds(abstains, answer);
  }

  public boolean has(Switch option) {
    return switches.contains(option);
  }
}
