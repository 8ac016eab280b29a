package dev.ponder.engine.llamaserver;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How Ponder runs a llama-server of its own.
///
/// @param executable its name on the PATH, or the path of the file
/// @param startLimit how long loading the model may take before the start counts as failed
/// @param endLimit how long it may take to end by itself before it is killed; at least a second
/// @param backoffFirst wait before the second start in a row that failed; doubles each time
/// @param backoffMax the longest such wait
/// @param steadyAfter a server that lived so long is no failed start, whatever ended it
/// @param messagesKept lines of its output that are kept for messages, 1 to 1,000
/// @param folder where its private folder for slots is made, which takes as much room as one slot;
///     left out, in the temporary folder of the system
@ConfigurationProperties("ponder.engine.llama-server")
public record ManagedServerSettings(
    @DefaultValue("llama-server") String executable,
    @DefaultValue("5m") Duration startLimit,
    @DefaultValue("5s") Duration endLimit,
    @DefaultValue("250ms") Duration backoffFirst,
    @DefaultValue("30s") Duration backoffMax,
    @DefaultValue("10s") Duration steadyAfter,
    @DefaultValue("10") int messagesKept,
    @Nullable Path folder) {

  public ManagedServerSettings {
    if (executable.isBlank()) {
      throw new IllegalArgumentException(
          "ponder.engine.llama-server.executable is empty and has to name the llama-server");
    }
    if (endLimit.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "ponder.engine.llama-server.end-limit is %s and has to be at least one second"
              .formatted(endLimit));
    }
    if (messagesKept < 1 || messagesKept > 1_000) {
      throw new IllegalArgumentException(
          "ponder.engine.llama-server.messages-kept is %d and has to be between 1 and 1000"
              .formatted(messagesKept));
    }
  }

  /// What holds where nothing is configured.
  public static ManagedServerSettings defaults() {
    return new ManagedServerSettings(
        "llama-server",
        Duration.ofMinutes(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(250),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        10,
        null);
  }

  /// The same with another executable.
  public ManagedServerSettings withExecutable(String other) {
    return with(other, startLimit, folder);
  }

  /// The same with another limit for a start.
  public ManagedServerSettings withStartLimit(Duration limit) {
    return with(executable, limit, folder);
  }

  /// The same with another folder for slots.
  public ManagedServerSettings withFolder(Path other) {
    return with(executable, startLimit, other);
  }

  private ManagedServerSettings with(String program, Duration start, @Nullable Path where) {
    return new ManagedServerSettings(
        program, start, endLimit, backoffFirst, backoffMax, steadyAfter, messagesKept, where);
  }
}
