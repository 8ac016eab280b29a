package dev.ponder.web;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/// One connection, and how long its client has kept the service waiting. It is looked at from
/// outside, a few times in a second: what lies between two looks is not seen, and need not be.
final class HeldConnection {

  private enum Phase {
    /// Between two requests.
    IDLE,
    /// From the first byte of a request, or the opening of the connection, to the end of its
    /// headers.
    HEADERS,
    /// A request has its headers: its body comes, it is worked on, its answer goes.
    EXCHANGE,
    /// The last answer is given, and the client is to close.
    LEAVING
  }

  private final AbstractEndPoint socket;
  private final Object address;
  private volatile @Nullable HttpConnection http;

  private Phase phase = Phase.HEADERS;
  private long requests;
  private long looked;
  private long bytesRead;
  private long bytesMoved;

  /// Nanoseconds that the client has kept the service waiting in this phase.
  private long waited;

  /// Nanoseconds since the last byte that moved, without those that the service took itself.
  private long still;

  private boolean told;

  HeldConnection(AbstractEndPoint socket, long now) {
    this.socket = socket;
    this.address = address(socket);
    this.looked = now;
  }

  void speaks(HttpConnection connection) {
    http = connection;
  }

  /// Who holds it. Of IPv6 whoever has one address has the 2^64 of its network.
  Object address() {
    return address;
  }

  private static Object address(AbstractEndPoint socket) {
    if (!(socket.getRemoteSocketAddress() instanceof InetSocketAddress remote)) {
      return "unknown";
    }
    return remote.getAddress() instanceof Inet6Address six
        ? ByteBuffer.wrap(six.getAddress()).getLong()
        : remote.getAddress();
  }

  EndPoint socket() {
    return socket;
  }

  boolean open() {
    return socket.isOpen();
  }

  /// Whether the service can do nothing now until the client sends or takes something.
  boolean waitsForClient() {
    return socket.isFillInterested() || socket.getWriteFlusher().isPending();
  }

  /// Whether it may go for another: nothing is being worked on for it. One that has just been
  /// opened is not waited for yet, and there can be any number of those.
  boolean makesRoom() {
    HttpConnection spoken = http;
    return waitsForClient()
        || spoken == null
        || (spoken.getMessagesIn() == 0 && spoken.getParser().getState() == HttpParser.State.START);
  }

  /// Whether the answer to a request, or what has come of its body, is kept for a client that the
  /// service waits for.
  synchronized boolean keepsMemory() {
    return phase == Phase.EXCHANGE && waitsForClient();
  }

  /// Nanoseconds for which the client has kept the service waiting: of those who do, the longest
  /// comes first where others need the room.
  synchronized long waited(long now) {
    return waited + (now - looked);
  }

  /// Looks at the connection, and ends what takes too long.
  synchronized void look(long now, ConnectionLimits limits) {
    HttpConnection spoken = http;
    Phase next = spoken == null ? Phase.HEADERS : phase(spoken);
    long number = spoken == null ? 0 : spoken.getMessagesIn();
    if (next != phase || (next != Phase.EXCHANGE && number != requests)) {
      phase = next;
      waited = 0;
      still = 0;
    }
    requests = number;
    long passed = now - looked;
    looked = now;
    if (phase == Phase.EXCHANGE && spoken != null) {
      exchange(spoken, passed, limits);
      return;
    }
    told = false;
    if (waitsForClient()) {
      waited += passed;
    }
    Duration most = phase == Phase.IDLE ? limits.idle() : limits.patience();
    if (waited > most.toNanos()) {
      close();
    }
  }

  /// The time of a client that is waited for flows into a bucket, and each byte that moves takes
  /// some out again. Bytes that are no content, such as the extensions of chunks, take none.
  private void exchange(HttpConnection spoken, long passed, ConnectionLimits limits) {
    HttpParser parser = spoken.getParser();
    long moved = parser.getContentRead() + spoken.getBytesOut();
    long gained = Math.max(0, moved - bytesMoved);
    long read = spoken.getBytesIn();
    boolean reading = parser.inContentState() && read != bytesRead;
    bytesMoved = moved;
    bytesRead = read;
    if (gained > 0) {
      still = 0;
    }
    if (!waitsForClient() && !reading) {
      waited = Math.max(0, waited - passed);
      return;
    }
    still += passed;
    waited = Math.max(0, waited + passed - nanos(gained));
    if (still > limits.patience().toNanos() || waited > limits.slack().toNanos()) {
      end(
          "The body came too slowly: nothing for %d s, or less than %d bytes a second."
              .formatted(limits.patience().toSeconds(), ConnectionLimits.BYTES_PER_SECOND));
    }
  }

  private static long nanos(long bytes) {
    return (long) (bytes * 1e9 / ConnectionLimits.BYTES_PER_SECOND);
  }

  private Phase phase(HttpConnection spoken) {
    HttpParser parser = spoken.getParser();
    HttpParser.State state = parser.getState();
    if (state == HttpParser.State.START) {
      return spoken.getMessagesIn() == 0 ? Phase.HEADERS : Phase.IDLE;
    }
    if (state.ordinal() > HttpParser.State.END.ordinal() && !socket.getWriteFlusher().isPending()) {
      return Phase.LEAVING;
    }
    return state.ordinal() < HttpParser.State.CONTENT.ordinal() ? Phase.HEADERS : Phase.EXCHANGE;
  }

  /// Ends a wait: whoever reads a body learns that it does not come, and has one more patience to
  /// say so. All else is closed.
  synchronized void end(String why) {
    boolean writing = socket.getWriteFlusher().isPending();
    waited = 0;
    still = 0;
    if (phase == Phase.EXCHANGE && !writing && !told) {
      told = true;
      if (socket.getFillInterest().onFail(new ClientTooSlow(why))) {
        return;
      }
    }
    close();
  }

  void close() {
    socket.close(new EofException("The client kept the service waiting for too long."));
  }
}
