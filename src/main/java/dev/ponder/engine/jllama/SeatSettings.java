package dev.ponder.engine.jllama;

import dev.ponder.engine.llamaserver.LlamaServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The limits of a seat: what depends on the machine and on the model.
///
/// @param startLimit how long loading the model may take before the start counts as failed
/// @param silenceLimit a seat that has not answered for so long whether it is well is killed
/// @param stallLimit a seat whose native engine brought no result for so long, while it had work,
///     is killed; a piece of a prompt has to be evaluated in this time
/// @param waitingMax requests that may wait in a seat for a free sequence
/// @param folder where a seat's private folder for the native library is made; left out, in the
///     temporary folder of the system. It has to allow execution
@ConfigurationProperties("ponder.engine.seat")
public record SeatSettings(
    @DefaultValue("60s") Duration startLimit,
    @DefaultValue("10s") Duration silenceLimit,
    @DefaultValue("120s") Duration stallLimit,
    @DefaultValue("64") int waitingMax,
    @Nullable Path folder) {

  /// A seat answers what is no stream at once, unless the machine is busy.
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  /// The longest prompt of a model that is large for this computer.
  private static final Duration PROMPT_LIMIT = Duration.ofMinutes(10);

  /// What holds where nothing is configured.
  public static SeatSettings defaults() {
    return new SeatSettings(
        Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(120), 64, null);
  }

  /// The limits of the HTTP client that talks to the seat. A stream may be silent for as long as a
  /// prompt takes: whether the seat lives is asked beside it, and its supervisor, who
  /// knows why, is the one who ends it.
  static LlamaServerSettings client() {
    return new LlamaServerSettings(null, ANSWER_LIMIT, PROMPT_LIMIT);
  }

  /// The same with another limit for a seat's silence.
  public SeatSettings withSilenceLimit(Duration limit) {
    return new SeatSettings(startLimit, limit, stallLimit, waitingMax, folder);
  }

  /// The same with another length of the line of waiting requests.
  public SeatSettings withWaitingMax(int most) {
    return new SeatSettings(startLimit, silenceLimit, stallLimit, most, folder);
  }

  /// The same with another folder for the native library.
  public SeatSettings withFolder(Path other) {
    return new SeatSettings(startLimit, silenceLimit, stallLimit, waitingMax, other);
  }
}
