package dev.ponder.engine.llamaserver;

import dev.ponder.engine.http.ApiKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The limits of a client of llama-server's protocol.
///
/// @param key the key of attached servers whose model has none of its own; `LLAMA_API_KEY` unless
///     it is set
/// @param answerLimit how long an answer that is no stream may take
/// @param silenceLimit a stream that brings no text for so long is given up, unless the server says
///     that it comes on with the prompt. Pings say nothing: a server that hangs may send them
@ConfigurationProperties("ponder.engine.server")
public record LlamaServerSettings(
    @Nullable ApiKey key,
    @DefaultValue("60s") Duration answerLimit,
    @DefaultValue("5m") Duration silenceLimit) {

  /// What holds where nothing is configured.
  public static LlamaServerSettings defaults() {
    return new LlamaServerSettings(null, Duration.ofSeconds(60), Duration.ofMinutes(5));
  }
}
