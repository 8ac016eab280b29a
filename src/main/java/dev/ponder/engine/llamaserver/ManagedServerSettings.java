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
/// @param folder where its private folder for slots is made, which takes as much room as one slot;
///     left out, in the temporary folder of the system
@ConfigurationProperties("ponder.engine.llama-server")
public record ManagedServerSettings(
    @DefaultValue("llama-server") String executable,
    @DefaultValue("5m") Duration startLimit,
    @Nullable Path folder) {

  public ManagedServerSettings {
    if (executable.isBlank()) {
      throw new IllegalArgumentException(
          "ponder.engine.llama-server.executable is empty and has to name the llama-server");
    }
  }

  /// What holds where nothing is configured.
  public static ManagedServerSettings defaults() {
    return new ManagedServerSettings("llama-server", Duration.ofMinutes(5), null);
  }

  /// The same with another executable.
  public ManagedServerSettings withExecutable(String other) {
    return new ManagedServerSettings(other, startLimit, folder);
  }

  /// The same with another limit for a start.
  public ManagedServerSettings withStartLimit(Duration limit) {
    return new ManagedServerSettings(executable, limit, folder);
  }

  /// The same with another folder for slots.
  public ManagedServerSettings withFolder(Path other) {
    return new ManagedServerSettings(executable, startLimit, other);
  }
}
