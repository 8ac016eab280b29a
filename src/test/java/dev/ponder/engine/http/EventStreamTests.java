package dev.ponder.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.text.WholeCharacters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules for event streams, case by case as the tests of web platforms have them, and each case
/// cut at every place where a delivery may end.
@Timeout(30)
class EventStreamTests {

  private static final long LONG = TimeUnit.SECONDS.toNanos(10);
  private static final int MOST = 10_000;

  /// Deliveries that are there from the beginning.
  private static BodyBytes body(List<byte[]> deliveries, @Nullable Throwable end) {
    BodyBytes body = new BodyBytes();
    body.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        });
    deliveries.forEach(bytes -> body.onNext(List.of(ByteBuffer.wrap(bytes))));
    if (end == null) {
      body.onComplete();
    } else {
      body.onError(end);
    }
    return body;
  }

  private static List<String> events(List<byte[]> deliveries) throws Exception {
    EventStream stream = new EventStream(body(deliveries, null), true, MOST);
    List<String> events = new ArrayList<>();
    EventStream.Event event;
    while ((event = stream.next(LONG)) != null) {
      events.add((event.type().isEmpty() ? "" : event.type() + ": ") + event.text());
    }
    assertThat(stream.next(LONG)).isNull();
    return events;
  }

  private static Arguments given(String what, String stream, String... events) {
    return Arguments.of(what, stream, List.of(events));
  }

  static Stream<Arguments> streams() {
    return Stream.of(
        given("one event", "data: a\n\n", "a"),
        given("CR", "data: a\r\rdata: b\r\r", "a", "b"),
        given("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "a", "b"),
        given("all three", "data: a\r\ndata: b\ndata: c\r\rdata: d\n\n", "a\nb\nc", "d"),
        given("CR before a blank line of LF", "data: a\r\n\ndata: b\n\n", "a", "b"),
        given("a mark of the order of bytes", "\uFEFFdata: a\n\n", "a"),
        given("only one mark", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", "b"),
        given("no mark later", "data: a\n\n\uFEFFdata: b\n\ndata: c\n\n", "a", "c"),
        given("two lines", "data: a\ndata: b\n\n", "a\nb"),
        given("no blank", "data:a\n\n", "a"),
        given("one blank of two", "data:  a \n\n", " a "),
        given("a tab is no blank", "data:\ta\n\n", "\ta"),
        given("empty", "data:\n\n", ""),
        given("no colon", "data\n\ndata\ndata\n\ndata:test\n\n", "", "\n", "test"),
        given("a blank line more", "\n\n\ndata: a\n\n\n\ndata: b\n\n", "a", "b"),
        given("comments", ": c\ndata: a\n:\n: data: x\ndata: b\n\n:\n\n", "a\nb"),
        given("a colon in the value", "data: a:b\n\ndata::\n\n", "a:b", ":"),
        given("an event has a type", "event: ping\ndata: a\n\ndata: b\n\n", "ping: a", "b"),
        given("the last type counts", "event: x\nevent: y\ndata: a\n\n", "y: a"),
        given("an empty type is none", "event: x\nevent:\ndata: a\n\n", "a"),
        given("a type without data", "event: x\n\ndata: a\n\n", "a"),
        given("names as they are", "Data: a\ndata : b\n data: c\ndata: d\n\n", "d"),
        given("unknown fields", "foo: bar\ndata: a\nfoo\n\n", "a"),
        given("an id and a time", "id: 1\nretry: 10\ndata: a\n\n", "a"),
        given("zero", "data: \0a\n\n", "\0a"),
        given("characters of all lengths", "data: aé€😀\n\n", "aé€😀"),
        given("no line end at all", "data: a", "a"),
        given("no blank line", "data: a\n\ndata: b\ndata: c\n", "a", "b\nc"),
        given("nothing", ""),
        given("only comments", ": a\n\n: b\n"),
        given("JSON over two lines", "data: {\"a\":\ndata: 1}\n\n", "{\"a\":\n1}"),
        given(
            "JSON without blank lines",
            "data: {}\ndata: {\"a\":1}\ndata: [DONE]\n",
            "{}",
            "{\"a\":1}",
            "[DONE]"),
        given("an error by its field", "error: {\"code\":500}\n\n", "error: {\"code\":500}"),
        given("JSON in place of events", " \r\n{\"a\":\n\n1}\n", " \r\n{\"a\":\n\n1}\n"),
        given(
            "a page in place of events",
            "<html>\ndata: x\n\n</html>",
            "<html>\ndata: x\n\n</html>"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void eventsAreReadByTheRules(String what, String stream, List<String> expected) throws Exception {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);

    assertThat(events(List.of(bytes))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void whereverADeliveryEnds(String what, String stream, List<String> expected) throws Exception {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    List<byte[]> single =
        IntStream.range(0, bytes.length).mapToObj(i -> new byte[] {bytes[i]}).toList();

    assertThat(events(single)).isEqualTo(expected);
    for (int cut = 1; cut < bytes.length; cut++) {
      List<byte[]> halves =
          List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
      assertThat(events(halves)).as("cut at %d", cut).isEqualTo(expected);
    }
  }

  private static EventStream stream(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new EventStream(body(List.of(bytes), null), true, MOST);
  }

  @Test
  void remembersIdAndTime() throws Exception {
    EventStream stream =
        stream("id: 1\nretry: 250\ndata: a\n\nid: x\0y\nretry: 1s\nretry: -1\ndata: b\n\nid\n\n");

    stream.next(LONG);
    assertThat(stream.lastId()).isEqualTo("1");
    assertThat(stream.retryMillis()).isEqualTo(250);
    stream.next(LONG);
    assertThat(stream.lastId()).isEqualTo("1");
    assertThat(stream.retryMillis()).isEqualTo(250);
    assertThat(stream.next(LONG)).isNull();
    assertThat(stream.lastId()).isEmpty();
  }

  @Test
  void remembersWhatIsNoEvent() throws Exception {
    EventStream stream = stream("upstream connect error\nmore of it\n\n");

    assertThat(stream.next(LONG)).isNull();
    assertThat(stream.strange()).isEqualTo("upstream connect error");
  }

  @Test
  void bytesThatAreNoUtf8AreNoCharacters() throws Exception {
    byte[] bytes = {'d', 'a', 't', 'a', ':', 'a', (byte) 0xFF, 'b', (byte) 0xC3, '\n', '\n'};
    EventStream stream = new EventStream(body(List.of(bytes), null), true, MOST);
    WholeCharacters characters = new WholeCharacters();

    String text = characters.accept(stream.next(LONG).text()) + characters.end();

    assertThat(text).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void anEventHasALimit() {
    String long1 = "x".repeat(MOST - 10);

    assertThatThrownBy(() -> stream("data: " + long1 + "y".repeat(20)).next(LONG))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("10,000");
    assertThatThrownBy(() -> stream("data: " + long1 + "\ndata: " + long1 + "\n\n").next(LONG))
        .hasMessageContaining("10,000");
    assertThatThrownBy(() -> stream("{" + long1 + long1).next(LONG)).hasMessageContaining("10,000");
    assertThatThrownBy(() -> stream(": " + long1 + long1).next(LONG))
        .hasMessageContaining("10,000");
  }

  @Test
  void aStreamThatBreaksOffHasNoLastEvent() {
    byte[] bytes = "data: a\n\ndata: b\n".getBytes(StandardCharsets.UTF_8);
    BodyBytes body = body(List.of(bytes), new IOException("reset"));
    EventStream stream = new EventStream(body, true, MOST);

    assertThatThrownBy(
            () -> {
              assertThat(stream.next(LONG).text()).isEqualTo("a");
              stream.next(LONG);
            })
        .hasMessage("reset");
  }

  @Test
  void commentsDoNotEndTheWaiting() throws Exception {
    BodyBytes body = new BodyBytes();
    EventStream stream = new EventStream(body, true, MOST);
    Thread.ofVirtual()
        .start(
            () -> {
              for (int i = 0; i < 100; i++) {
                body.onNext(List.of(ByteBuffer.wrap(": hello\n\n".getBytes())));
                pause();
              }
            });
    long began = System.nanoTime();

    assertThatThrownBy(() -> stream.next(TimeUnit.MILLISECONDS.toNanos(200)))
        .isInstanceOf(BodyBytes.Silence.class);

    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(2));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingWakesTheReader() throws Exception {
    BodyBytes body = new BodyBytes();
    EventStream stream = new EventStream(body, true, MOST);
    Thread.ofVirtual()
        .start(
            () -> {
              pause();
              stream.close();
            });

    assertThatThrownBy(() -> stream.next(LONG)).hasMessage("closed");
  }
}
