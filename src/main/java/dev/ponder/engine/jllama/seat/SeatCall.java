package dev.ponder.engine.jllama.seat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One request inside the seat, and the way of its answer.
public final class SeatCall implements AutoCloseable {
  private final int number;
  private final String method;
  private final String path;
  private final byte @Nullable [] body;
  private final DataOutputStream out;
  private volatile boolean left;
  private boolean begun;
  private boolean ended;

  private SeatCall(
      int number, String method, String path, byte @Nullable [] body, DataOutputStream out) {
    this.number = number;
    this.method = method;
    this.path = path;
    this.body = body;
    this.out = out;
  }

  /// What the parent sends: method, path, the end of a line, body.
  public static byte[] payload(String method, String path, byte[] body) {
    byte[] head = (method + " " + path + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] payload = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, payload, head.length, body.length);
    return payload;
  }

  /// @param out to the parent; whoever writes holds its lock
  public static SeatCall of(Frame frame, DataOutputStream out) {
    byte[] payload = frame.payload();
    if (payload == null) {
      return new SeatCall(frame.request(), "", "", null, out);
    }
    int end = 0;
    while (end < payload.length && payload[end] != '\n') {
      end++;
    }
    String[] head = new String(payload, 0, end, StandardCharsets.UTF_8).split(" ", 2);
    byte[] body = Arrays.copyOfRange(payload, Math.min(end + 1, payload.length), payload.length);
    return new SeatCall(frame.request(), head[0], head.length > 1 ? head[1] : "", body, out);
  }

  public int number() {
    return number;
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  /// Null if it was too long to be taken.
  public byte @Nullable [] body() {
    return body;
  }

  /// Nobody waits for the answer any more.
  public void leave() {
    left = true;
  }

  /// @throws IOException if nobody waits for the answer
  public void requireReader() throws IOException {
    if (left) {
      throw new IOException("nobody waits for the answer");
    }
  }

  /// @param retrySeconds before another try makes sense; 0 says nothing
  public void begin(int status, int retrySeconds) throws IOException {
    byte[] head = {
      (byte) (status >> 8), (byte) status, (byte) (retrySeconds >> 8), (byte) retrySeconds
    };
    begun = true;
    write(Frame.ANSWER, head, false);
  }

  public boolean hasBegun() {
    return begun;
  }

  public void send(byte[] bytes) throws IOException {
    requireReader();
    write(Frame.DATA, bytes, true);
  }

  /// The whole answer.
  public void answer(int status, int retrySeconds, byte[] bytes) throws IOException {
    synchronized (out) {
      begin(status, retrySeconds);
      write(Frame.DATA, bytes, false);
      end();
    }
  }

  public void end() throws IOException {
    ended = true;
    write(Frame.END, new byte[0], true);
  }

  /// Ends what was not ended, whatever happened.
  @Override
  public void close() throws IOException {
    if (!ended) {
      ended = true;
      write(Frame.BREAK, new byte[0], true);
    }
  }

  private void write(byte kind, byte[] bytes, boolean flush) throws IOException {
    synchronized (out) {
      int from = 0;
      do {
        int length = Math.min(Frame.DATA_MAX, bytes.length - from);
        Frame.write(out, number, kind, bytes, from, length);
        from += length;
      } while (from < bytes.length);
      if (flush) {
        out.flush();
      }
    }
  }
}
