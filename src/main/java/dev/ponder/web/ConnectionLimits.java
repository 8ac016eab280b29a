package dev.ponder.web;

import java.time.Duration;

/// What clients may hold of the service.
///
/// @param connections in all at most
/// @param perAddress of one address at most
/// @param unfinished requests at most whose body or answer is kept in memory while the service
///     waits for their client
/// @param patience how long the service waits for a client that owes it something: the whole
///     headers of a request, the next bytes of its body, or room for the next bytes of its answer
public record ConnectionLimits(int connections, int perAddress, int unfinished, Duration patience) {

  /// Bytes that have to move in each second of waiting, on average over a longer time. A body or
  /// an answer in drops ends therefore, and with it the time of each has a limit.
  static final long BYTES_PER_SECOND = 16 * 1024;

  /// How much waiting the average may lag behind, in patiences.
  private static final int SLACK = 2;

  /// How long a connection may lie idle between two requests, in patiences.
  private static final int IDLE = 6;

  Duration slack() {
    return patience.multipliedBy(SLACK);
  }

  Duration idle() {
    return patience.multipliedBy(IDLE);
  }

  /// As many unfinished requests as have room in an eighth of the memory, at a megabyte each: that
  /// is the body as it is read, and the objects that it becomes. Each holds a thread, too.
  public static int unfinishedIn(long heap) {
    return (int) Math.clamp(heap / (8L << 20), 32, 256);
  }

  /// As many connections as leave a quarter of the files that the process may open to everything
  /// else: the database, the engines, the jar.
  public ConnectionLimits within(long openFiles) {
    if (openFiles <= 0) {
      return this;
    }
    int most = (int) Math.min(connections, Math.max(1, openFiles / 4 * 3));
    return new ConnectionLimits(
        most, Math.min(perAddress, Math.max(1, most * 7 / 8)), unfinished, patience);
  }
}
