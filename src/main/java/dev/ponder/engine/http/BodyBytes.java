package dev.ponder.engine.http;

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

/// The body of an answer as it arrives. Unlike an input stream, its reader waits only so long, and
/// another thread can end the waiting. One delivery is asked for at a time, so a slow reader slows
/// the sender and nothing piles up here.
public final class BodyBytes implements BodySubscriber<BodyBytes> {
  private static final List<ByteBuffer> WAKE = List.of();

  private final LinkedBlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<BodyBytes> self = CompletableFuture.completedFuture(this);
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;
  private volatile boolean closed;

  private List<ByteBuffer> current = WAKE;
  private int index;

  /// The time of a reader is up.
  public static final class Silence extends IOException {
    public Silence() {
      super("nothing came in time");
    }
  }

  @Override
  public CompletionStage<BodyBytes> getBody() {
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

  /// Waits for the next bytes.
  ///
  /// @return null at the end of the body
  /// @throws Silence if nothing came in time
  /// @throws IOException if the body broke off or was closed
  public @Nullable ByteBuffer next(long nanos) throws IOException, InterruptedException {
    while (index == current.size()) {
      if (ended && current == WAKE && arrived.isEmpty()) {
        return null;
      }
      if (!await(nanos)) {
        return null;
      }
    }
    return current.get(index++);
  }

  private boolean await(long nanos) throws IOException, InterruptedException {
    List<ByteBuffer> next = arrived.poll(nanos, TimeUnit.NANOSECONDS);
    if (closed) {
      throw new EOFException("closed");
    }
    if (next == null) {
      throw new Silence();
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
