package dev.ponder.engine.llamaserver;

import java.time.Duration;

/// The limits of a client of llama-server's protocol.
///
/// @param connectTimeout how long connecting may take
/// @param answerLimit how long an answer that is no stream may take
/// @param silenceLimit a stream that brings nothing, not even a ping, for so long is given up. A
///     llama-server pings every 30 s while it evaluates a prompt
/// @param eventBytesMax bytes of one event at most
public record LlamaServerSettings(
    Duration connectTimeout, Duration answerLimit, Duration silenceLimit, int eventBytesMax) {

  public static LlamaServerSettings defaults() {
    return new LlamaServerSettings(
        Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(120), 1 << 20);
  }
}
