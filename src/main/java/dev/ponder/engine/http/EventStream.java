package dev.ponder.engine.http;

import dev.ponder.engine.text.WholeCharacters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The events of an answer, by the rules that WHATWG has for event streams. Where servers of models
/// keep other rules, it gives what they meant:
///
/// - An event that the stream ends in is an event, though its blank line is missing.
/// - An answer that is no event stream, but JSON or a page of HTML, is one event.
/// - `error: {…}` is an event of that type, as older servers of llama.cpp write it.
/// - JSON that ends before a line whose JSON begins is an event, though no blank line is between.
///
/// Read by one thread; [#close] may be called by any.
public final class EventStream {

  private final BodyBytes body;
  private final boolean measured;
  private final int most;

  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean atStart = true;
  private boolean afterReturn;
  private boolean carries;
  private boolean over;

  private final Bytes line = new Bytes();
  private final Bytes data = new Bytes();
  private boolean hasData;
  private String type = "";
  private String lastId = "";
  private long retryMillis = -1;
  private String strange = "";

  /// One event.
  ///
  /// @param type empty where the server names none
  /// @param data its bytes, up to `length`; they hold until the next event is asked for
  public record Event(String type, byte[] data, int length) {

    /// Its text. A half of a character that the server sent as bytes is a lone surrogate here.
    public String text() {
      return WholeCharacters.decode(data, length);
    }
  }

  private static final class Bytes {
    private byte[] array = new byte[1024];
    private int length;

    private void add(byte one) {
      if (length == array.length) {
        array = Arrays.copyOf(array, length * 2);
      }
      array[length++] = one;
    }

    private void add(byte[] more, int from, int to) {
      int room = length + to - from;
      if (room > array.length) {
        array = Arrays.copyOf(array, Math.max(room, array.length * 2));
      }
      System.arraycopy(more, from, array, length, to - from);
      length = room;
    }
  }

  /// @param measured whether the end of the body can be told from the end of a connection
  /// @param most bytes of an event
  EventStream(BodyBytes body, boolean measured, int most) {
    this.body = body;
    this.measured = measured;
    this.most = most;
  }

  /// Whether the end of the body is known to be the end that the server meant. Without a length and
  /// without chunks, a server that dies ends its answer just like one that has said all.
  public boolean measured() {
    return measured;
  }

  /// The id of the last event that had one.
  String lastId() {
    return lastId;
  }

  /// When the server wants to be asked again, in milliseconds; negative if it has not said so.
  long retryMillis() {
    return retryMillis;
  }

  /// The first line that is none of an event stream: what a proxy says, for example. May be empty.
  public String strange() {
    return strange;
  }

  /// Ends the connection. A reader that waits gets an [IOException].
  public void close() {
    body.close();
  }

  /// Waits for the next event.
  ///
  /// @param nanos to wait at most, however much arrives that is no event
  /// @return null at the end of the stream
  /// @throws BodyBytes.Silence if there was none in time
  /// @throws IOException if the stream broke off, was closed, or an event is too large
  public @Nullable Event next(long nanos) throws IOException, InterruptedException {
    long until = System.nanoTime() + nanos;
    begin();
    while (!over) {
      while (current.hasRemaining()) {
        if (takeLine() && ends()) {
          return event();
        }
      }
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new BodyBytes.Silence();
      }
      ByteBuffer next = body.next(left);
      if (next == null) {
        over = true;
      } else {
        current = next;
        if (atStart) {
          start(until);
        }
      }
    }
    return rest();
  }

  private void begin() {
    data.length = 0;
    hasData = false;
    type = "";
    if (carries) {
      carries = false;
      field();
      line.length = 0;
    }
  }

  private Event event() {
    return new Event(type, data.array, data.length);
  }

  /// What the stream ends in: a line without its end, an event without its blank line.
  private @Nullable Event rest() {
    if (line.length > 0 && ends()) {
      return event();
    }
    if (hasData) {
      Event last = event();
      hasData = false;
      return last;
    }
    return null;
  }

  /// Looks at how the body begins, once that is here: a mark of its order of bytes is left out, and
  /// what begins like JSON or HTML is taken whole.
  private void start(long until) throws IOException, InterruptedException {
    Bytes head = new Bytes();
    while (true) {
      while (current.hasRemaining()) {
        head.add(current.get());
      }
      int from = head.length >= 3 && marked(head) ? 3 : 0;
      int text = from;
      while (text < head.length && blank(head.array[text])) {
        text++;
      }
      boolean undecided = text == head.length && head.length < 1024 || beginsMark(head);
      long left = until - System.nanoTime();
      ByteBuffer next = undecided && left > 0 ? body.next(left) : null;
      if (next == null) {
        atStart = false;
        current = ByteBuffer.wrap(head.array, from, head.length - from);
        if (text < head.length && "{[<".indexOf(head.array[text]) >= 0) {
          takeWhole(until);
        }
        return;
      }
      current = next;
    }
  }

  private static boolean marked(Bytes head) {
    return head.array[0] == (byte) 0xEF
        && head.array[1] == (byte) 0xBB
        && head.array[2] == (byte) 0xBF;
  }

  private static boolean beginsMark(Bytes head) {
    return head.length < 3 && head.length > 0 && head.array[0] == (byte) 0xEF;
  }

  private static boolean blank(byte one) {
    return one == ' ' || one == '\n' || one == '\r' || one == '\t';
  }

  private void takeWhole(long until) throws IOException, InterruptedException {
    hasData = true;
    ByteBuffer next = current;
    while (next != null) {
      while (next.hasRemaining()) {
        requireRoom(data.length);
        data.add(next.get());
      }
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new BodyBytes.Silence();
      }
      next = body.next(left);
    }
    over = true;
  }

  private boolean takeLine() throws IOException {
    byte next = current.get();
    boolean second = next == '\n' && afterReturn;
    afterReturn = next == '\r';
    if (second) {
      return false;
    }
    if (next == '\n' || next == '\r') {
      return true;
    }
    requireRoom(line.length + data.length);
    line.add(next);
    return false;
  }

  private void requireRoom(int length) throws IOException {
    if (length >= most) {
      throw new IOException("an event is larger than %,d bytes, the limit".formatted(most));
    }
  }

  /// Takes the line in that has come. Whether it ends an event.
  private boolean ends() {
    if (line.length == 0) {
      if (!hasData) {
        type = "";
      }
      return hasData;
    }
    if (hasData && beginsAnother()) {
      carries = true;
      return true;
    }
    field();
    line.length = 0;
    return false;
  }

  /// No JSON goes on like that.
  private boolean beginsAnother() {
    if (data.length == 0 || data.array[data.length - 1] != '}' || !is("data", colon())) {
      return false;
    }
    int from = valueFrom(colon());
    return from < line.length && (line.array[from] == '{' || line.array[from] == '[');
  }

  private void field() {
    int colon = colon();
    int from = valueFrom(colon);
    if (is("data", colon)) {
      data(from);
    } else if (is("error", colon)) {
      type = "error";
      data(from);
    } else if (is("event", colon)) {
      type = value(from);
    } else if (is("id", colon)) {
      String id = value(from);
      lastId = id.indexOf('\0') < 0 ? id : lastId;
    } else if (is("retry", colon)) {
      String digits = value(from);
      retryMillis = digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : retryMillis;
    } else if (colon != 0 && strange.isEmpty()) {
      strange = new String(line.array, 0, Math.min(line.length, 1024), StandardCharsets.UTF_8);
    }
  }

  private void data(int from) {
    if (hasData) {
      data.add((byte) '\n');
    }
    data.add(line.array, from, line.length);
    hasData = true;
  }

  private int colon() {
    for (int i = 0; i < line.length; i++) {
      if (line.array[i] == ':') {
        return i;
      }
    }
    return line.length;
  }

  /// After the colon and one blank.
  private int valueFrom(int colon) {
    int from = Math.min(colon + 1, line.length);
    return from < line.length && line.array[from] == ' ' ? from + 1 : from;
  }

  private boolean is(String name, int length) {
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (line.array[i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int from) {
    return new String(line.array, from, line.length - from, StandardCharsets.UTF_8);
  }
}
