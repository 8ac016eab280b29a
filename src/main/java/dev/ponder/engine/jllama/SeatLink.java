package dev.ponder.engine.jllama;

import dev.ponder.engine.http.BodyBytes;
import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.jllama.seat.Frame;
import dev.ponder.engine.jllama.seat.SeatCall;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The parent's end of the pipes to a seat. Nobody else can reach them: there is no address to
/// connect to, and so no key either.
///
/// One thread writes and one reads, so that a seat that takes nothing holds up no request longer
/// than that request's own limit.
final class SeatLink implements ServerHttp.Transport {
  /// Of what a reader has not taken yet. The longest answer has a tenth of it.
  private static final long UNREAD_MAX = 32 << 20;

  /// Is sent as the end of the pipe.
  private static final Frame HANG_UP = new Frame(Frame.LIFE, Frame.END);

  private final DataInputStream in;
  private final DataOutputStream out;
  private final Consumer<String> life;
  private final AtomicInteger numbers = new AtomicInteger();
  private final ConcurrentHashMap<Integer, Call> calls = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Frame> toSend = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile @Nullable IOException broken;

  /// @param life is given each sentence that the seat says of itself
  SeatLink(String name, Process seat, Consumer<String> life) {
    this.in = new DataInputStream(new BufferedInputStream(seat.getInputStream(), 1 << 16));
    this.out = new DataOutputStream(seat.getOutputStream());
    this.life = life;
    this.writer = Thread.ofPlatform().daemon().name(name + "-in").unstarted(this::write);
    writer.start();
    Thread.ofPlatform().daemon().name(name + "-out").start(this::read);
  }

  /// An answer that is being received.
  private final class Call implements Flow.Subscription {
    private final int number;
    private final CompletableFuture<int[]> begun = new CompletableFuture<>();
    private final BodyBytes body = new BodyBytes();
    private final LinkedBlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
    private final AtomicLong unread = new AtomicLong();

    private Call(int number) {
      this.number = number;
      body.onSubscribe(this);
    }

    /// The reader has taken one more.
    @Override
    public void request(long n) {
      Integer length = lengths.poll();
      if (length != null) {
        unread.addAndGet(-length);
      }
    }

    @Override
    public void cancel() {
      if (calls.remove(number) != null) {
        toSend.add(new Frame(number, Frame.CANCEL));
      }
    }

    private void receive(Frame frame, byte[] payload) throws IOException {
      switch (frame.kind()) {
        case Frame.ANSWER -> begin(payload);
        case Frame.DATA -> take(payload);
        case Frame.END -> {
          calls.remove(number);
          body.onComplete();
        }
        case Frame.BREAK -> fail(new IOException("it ended the answer before its end"));
        default -> throw new IOException("it sent what no seat sends");
      }
    }

    private void begin(byte[] head) throws IOException {
      if (head.length != 4) {
        throw new IOException("an answer began with %d bytes".formatted(head.length));
      }
      begun.complete(
          new int[] {
            (head[0] & 0xFF) << 8 | head[1] & 0xFF, (head[2] & 0xFF) << 8 | head[3] & 0xFF
          });
    }

    private void take(byte[] payload) {
      if (payload.length == 0) {
        return;
      }
      if (unread.addAndGet(payload.length) > UNREAD_MAX) {
        cancel();
        fail(new IOException("%,d bytes of it lay unread, the limit".formatted(UNREAD_MAX)));
        return;
      }
      lengths.add(payload.length);
      body.onNext(List.of(ByteBuffer.wrap(payload)));
    }

    private void fail(IOException why) {
      calls.remove(number);
      begun.completeExceptionally(why);
      body.onError(why);
    }
  }

  private record Answer(int statusCode, HttpRequest request, HttpHeaders headers, BodyBytes body)
      implements HttpResponse<BodyBytes> {
    @Override
    public Optional<HttpResponse<BodyBytes>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public URI uri() {
      return request.uri();
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }

  @Override
  public HttpResponse<BodyBytes> send(HttpRequest request)
      throws IOException, InterruptedException {
    Call call = new Call(numbers.incrementAndGet());
    calls.put(call.number, call);
    Frame frame =
        new Frame(
            call.number,
            Frame.REQUEST,
            SeatCall.payload(request.method(), request.uri().getPath(), body(request)));
    toSend.add(frame);
    IOException over = broken;
    if (over != null) {
      call.fail(over);
    }
    try {
      long limit = request.timeout().orElse(Duration.ofDays(1)).toNanos();
      int[] head = call.begun.get(limit, TimeUnit.NANOSECONDS);
      Map<String, List<String>> headers =
          head[1] == 0 ? Map.of() : Map.of("Retry-After", List.of(Integer.toString(head[1])));
      return new Answer(
          head[0], request, HttpHeaders.of(headers, (name, value) -> true), call.body);
    } catch (TimeoutException e) {
      toSend.remove(frame);
      call.cancel();
      throw new HttpTimeoutException("request timed out");
    } catch (InterruptedException e) {
      toSend.remove(frame);
      call.cancel();
      throw e;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  private static byte[] body(HttpRequest request) {
    return request
        .bodyPublisher()
        .map(
            publisher -> {
              Collected bytes = new Collected();
              publisher.subscribe(bytes);
              return bytes.whole.getBody().toCompletableFuture().join();
            })
        .orElse(new byte[0]);
  }

  private static final class Collected implements Flow.Subscriber<ByteBuffer> {
    private final HttpResponse.BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();

    @Override
    public void onSubscribe(Flow.Subscription made) {
      whole.onSubscribe(made);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      whole.onNext(List.of(bytes));
    }

    @Override
    public void onError(Throwable error) {
      whole.onError(error);
    }

    @Override
    public void onComplete() {
      whole.onComplete();
    }
  }

  private void write() {
    try {
      while (true) {
        Frame next = toSend.take();
        if (next == HANG_UP) {
          out.close();
          return;
        }
        next.writeTo(out);
        out.flush();
      }
    } catch (IOException e) {
      end(new IOException("the seat takes nothing any more", e));
    } catch (InterruptedException e) {
      // The seat has ended.
    }
  }

  private void read() {
    try (in) {
      Frame next;
      while ((next = Frame.read(in, Frame.DATA_MAX)) != null) {
        hear(next);
      }
      end(new IOException("the seat ended"));
    } catch (IOException e) {
      end(e);
    }
  }

  private void hear(Frame frame) throws IOException {
    byte[] payload = frame.payload();
    if (payload == null) {
      throw new IOException("it sent a larger frame than a seat sends");
    }
    if (frame.request() == Frame.LIFE && frame.kind() == Frame.SAYS) {
      life.accept(new String(payload, StandardCharsets.UTF_8));
      return;
    }
    Call call = calls.get(frame.request());
    // Nobody waits for what was cancelled.
    if (call != null) {
      call.receive(frame, payload);
    }
  }

  private void end(IOException why) {
    broken = broken == null ? why : broken;
    calls.values().forEach(call -> call.fail(why));
    writer.interrupt();
  }

  /// Why nothing comes through any more, if so.
  @Nullable IOException broken() {
    return broken;
  }

  /// Tells the seat to end, once it has taken what was sent before.
  void hangUp() {
    toSend.add(HANG_UP);
  }

  /// The link lives as long as the seat, which its supervisor ends.
  @Override
  public void close() {
    for (Call call : calls.values()) {
      call.cancel();
      call.fail(new IOException("it was closed"));
    }
  }
}
