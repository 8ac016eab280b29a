package dev.ponder.engine.jllama;

import dev.ponder.engine.llamaserver.LlamaServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The limits of a seat and of those who watch it.
///
/// @param startLimit how long loading the model may take before the start counts as failed
/// @param endLimit how long a seat may take to end by itself before it is killed
/// @param heartbeat how often a seat is asked whether it is well
/// @param silenceLimit a seat that has not said so for so long is killed
/// @param stallLimit a seat whose native engine brought no result for so long, while it had work,
///     is killed; a piece of a prompt has to be evaluated in this time
/// @param backoffFirst wait before the second start in a row that failed; doubles each time
/// @param backoffMax the longest such wait
/// @param steadyAfter a seat that lived so long is no failed start, whatever ended it
/// @param waitingMax requests that may wait in a seat for a free sequence
/// @param heapMegabytes Java heap of a seat; the model lies outside of it
/// @param messagesKept lines of a seat's error output that are kept for messages
/// @param folder where a seat's private folder for the native library is made; left out, in the
///     temporary folder of the system. It has to allow execution
/// @param answerLimit how long a seat may take to answer what is no stream
@ConfigurationProperties("ponder.engine.seat")
public record SeatSettings(
    @DefaultValue("60s") Duration startLimit,
    @DefaultValue("3s") Duration endLimit,
    @DefaultValue("1s") Duration heartbeat,
    @DefaultValue("10s") Duration silenceLimit,
    @DefaultValue("120s") Duration stallLimit,
    @DefaultValue("250ms") Duration backoffFirst,
    @DefaultValue("30s") Duration backoffMax,
    @DefaultValue("10s") Duration steadyAfter,
    @DefaultValue("64") int waitingMax,
    @DefaultValue("192") int heapMegabytes,
    @DefaultValue("40") int messagesKept,
    @Nullable Path folder,
    @DefaultValue("30s") Duration answerLimit) {

  /// Bytes of one event at most: many times what a seat puts into one.
  /// The longest prompt of a model that is large for this computer.
  private static final Duration PROMPT_LIMIT = Duration.ofMinutes(10);

  private static final int EVENT_BYTES_MAX = 1 << 20;

  /// What holds where nothing is configured.
  public static SeatSettings defaults() {
    return new SeatSettings(
        Duration.ofSeconds(60),
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(120),
        Duration.ofMillis(250),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        64,
        192,
        40,
        null,
        Duration.ofSeconds(30));
  }

  /// The limits of the HTTP client that talks to the seat. A stream may be silent for as long as a
  /// prompt takes: whether the seat lives is asked beside it, and its supervisor, who
  /// knows why, is the one who ends it.
  LlamaServerSettings client() {
    return new LlamaServerSettings(null, answerLimit, answerLimit, PROMPT_LIMIT, EVENT_BYTES_MAX);
  }

  /// The same with another limit for a seat's silence.
  public SeatSettings withSilenceLimit(Duration limit) {
    return with(limit, waitingMax, folder);
  }

  /// The same with another length of the line of waiting requests.
  public SeatSettings withWaitingMax(int most) {
    return with(silenceLimit, most, folder);
  }

  /// The same with another folder for the native library.
  public SeatSettings withFolder(Path other) {
    return with(silenceLimit, waitingMax, other);
  }

  private SeatSettings with(Duration silence, int waiting, @Nullable Path where) {
    return new SeatSettings(
        startLimit,
        endLimit,
        heartbeat,
        silence,
        stallLimit,
        backoffFirst,
        backoffMax,
        steadyAfter,
        waiting,
        heapMegabytes,
        messagesKept,
        where,
        answerLimit);
  }
}
