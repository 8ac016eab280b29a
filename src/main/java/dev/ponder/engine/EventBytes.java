package dev.ponder.engine;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of an event stream as lines. Unlike an input stream, its reader waits only so long,
/// and another thread can end the waiting. One delivery is asked for at a time, so a slow reader
/// slows the sender and nothing piles up here.
public final class EventBytes implements BodySubscriber<EventBytes> {
  private static final List<ByteBuffer> WAKE = List.of();

  private final int lineMax;
  private final LinkedBlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<EventBytes> self = CompletableFuture.completedFuture(this);
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;
  private volatile boolean closed;

  private List<ByteBuffer> current = WAKE;
  private int index;
  private byte[] line = new byte[1024];
  private int length;

  public EventBytes(int lineMax) {
    this.lineMax = lineMax;
  }

  @Override
  public CompletionStage<EventBytes> getBody() {
    return self;
  }

  @Override
  public void onSubscribe(Flow.Subscription made) {
    subscription = made;
    if (closed) {
      made.cancel();
    } else {
      made.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(buffers);
  }

  @Override
  public void onError(Throwable error) {
    failure = error;
    arrived.add(WAKE);
  }

  @Override
  public void onComplete() {
    ended = true;
    arrived.add(WAKE);
  }

  /// Ends the connection and wakes the reader, whose next call fails. Any thread may call it.
  public void close() {
    closed = true;
    Flow.Subscription mine = subscription;
    if (mine != null) {
      mine.cancel();
    }
    arrived.add(WAKE);
  }

  /// Waits for the next line; afterwards it is in [#line] up to the length returned.
  ///
  /// @return its length, or -1 at the end of the stream
  /// @throws IOException if the stream broke off, was closed, or was silent for too long
  public int next(long silenceMillis) throws IOException, InterruptedException {
    length = 0;
    if (ended && current == WAKE && arrived.isEmpty()) {
      return -1;
    }
    while (true) {
      while (index < current.size()) {
        if (takeLine(current.get(index))) {
          return length;
        }
        index++;
      }
      if (!await(silenceMillis)) {
        return length > 0 ? length : -1; // The last line may have no line end.
      }
    }
  }

  public byte[] line() {
    return line;
  }

  private boolean takeLine(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      byte next = buffer.get();
      if (next == '\n') {
        return true;
      }
      if (length == line.length) {
        if (length >= lineMax) {
          throw new IOException("an event is larger than %,d bytes, the limit".formatted(lineMax));
        }
        line = java.util.Arrays.copyOf(line, Math.min(lineMax, length * 2));
      }
      line[length++] = next;
    }
    return false;
  }

  private boolean await(long silenceMillis) throws IOException, InterruptedException {
    List<ByteBuffer> next = arrived.poll(silenceMillis, TimeUnit.MILLISECONDS);
    if (closed) {
      throw new EOFException("closed");
    }
    if (next == null) {
      throw new IOException("nothing came for %,d ms, the limit".formatted(silenceMillis));
    }
    current = next;
    index = 0;
    if (next != WAKE) {
      Flow.Subscription mine = subscription;
      if (mine != null) {
        mine.request(1);
      }
      return true;
    }
    Throwable error = failure;
    if (error != null) {
      throw new IOException(error.getMessage() == null ? "broken off" : error.getMessage(), error);
    }
    return !ended;
  }
}
