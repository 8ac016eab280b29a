package dev.ponder.engine.jllama;

import dev.ponder.engine.llamaserver.LlamaServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits of a seat and of those who watch it.
///
/// @param startLimit how long loading the model may take before the start counts as failed
/// @param endLimit how long a seat may take to end by itself before it is killed
/// @param heartbeat how often a seat reports that it lives
/// @param silenceLimit a seat that has not reported for so long is killed
/// @param stallLimit a seat whose native engine brought no result for so long, while it had work,
///     is killed; a piece of a prompt has to be evaluated in this time
/// @param backoffFirst wait before the second start in a row that failed; doubles each time
/// @param backoffMax the longest such wait
/// @param steadyAfter a seat that lived so long is no failed start, whatever ended it
/// @param waitingMax requests that may wait in a seat for a free sequence
/// @param heapMegabytes Java heap of a seat; the model lies outside of it
/// @param messagesKept lines of a seat's error output that are kept for messages
/// @param folder where a seat's private folder for the native library is made; null is the
///     system's. It has to allow execution
/// @param client limits of the HTTP client that talks to the seat
public record SeatSettings(
    Duration startLimit,
    Duration endLimit,
    Duration heartbeat,
    Duration silenceLimit,
    Duration stallLimit,
    Duration backoffFirst,
    Duration backoffMax,
    Duration steadyAfter,
    int waitingMax,
    int heapMegabytes,
    int messagesKept,
    @Nullable Path folder,
    LlamaServerSettings client) {

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
        new LlamaServerSettings(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(15), 1 << 20));
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
        client);
  }
}
