package dev.ponder.engine.openai;

import dev.ponder.engine.http.ApiKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The limits of a client of OpenAI-compatible servers.
///
/// @param key the key of servers whose model has none of its own; `OPENAI_API_KEY` unless it is set
/// @param answerLimit how long an answer that is no stream may take, and getting to know a server
/// @param silenceLimit a stream that brings no text for so long is given up, whatever else it
///     brings. Most of these servers say nothing while they evaluate a prompt or have it wait
/// @param modelsMax models of one server at most; the rest of its list is left out
/// @param sequences generations at the same time, for servers and models that nobody stated it for
/// @param context tokens of prompt and answer together, where neither server nor settings say it
@ConfigurationProperties("ponder.engine.openai")
public record OpenAiSettings(
    @Nullable ApiKey key,
    @DefaultValue("60s") Duration answerLimit,
    @DefaultValue("5m") Duration silenceLimit,
    @DefaultValue("32") int modelsMax,
    @DefaultValue("4") int sequences,
    @DefaultValue("32768") int context) {

  public OpenAiSettings {
    atLeastOne("models-max", modelsMax);
    atLeastOne("sequences", sequences);
    if (context < 64) {
      throw new IllegalArgumentException(
          "ponder.engine.openai.context is %d and has to be at least 64".formatted(context));
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "ponder.engine.openai.%s is %d and has to be at least 1".formatted(name, value));
    }
  }

  /// What holds where nothing is configured.
  public static OpenAiSettings defaults() {
    return new OpenAiSettings(null, Duration.ofSeconds(60), Duration.ofMinutes(5), 32, 4, 32_768);
  }

  /// The same with one limit for all waiting, for a question that must not hold anybody up.
  public OpenAiSettings within(Duration limit) {
    return new OpenAiSettings(key, limit, limit, modelsMax, sequences, context);
  }
}
