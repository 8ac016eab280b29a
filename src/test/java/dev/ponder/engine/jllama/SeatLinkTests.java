package dev.ponder.engine.jllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.jllama.seat.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The pipes to a seat that a model file has taken over, or that hangs.
@Timeout(60)
class SeatLinkTests {
  private static final HttpRequest ASKED = request(Duration.ofSeconds(30));

  private static HttpRequest request(Duration limit) {
    return ServerHttp.request(URI.create("http://seat/health"), limit).GET().build();
  }

  private static DataInputStream bytes(int... bytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int each : bytes) {
      all.write(each);
    }
    return new DataInputStream(new ByteArrayInputStream(all.toByteArray()));
  }

  @Test
  void makesNoRoomForALengthThatSomebodyClaims() {
    assertThatThrownBy(() -> Frame.read(bytes(0x7F, -1, -1, -1, 'D', 0, 0, 0, 1), 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2,147,483,647");
    assertThatThrownBy(() -> Frame.read(bytes(-1, -1, -1, -1, 'D', 0, 0, 0, 1), 100))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Frame.read(bytes(0, 0, 0, 5, 'D', 0, 0, 0, 1, 'x'), 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("inside a frame");
    assertThatThrownBy(() -> Frame.read(bytes(0, 0), 100)).isInstanceOf(IOException.class);
  }

  @Test
  void skipsWhatIsTooLongAndReadsOn() throws IOException {
    DataInputStream in =
        bytes(0, 0, 0, 3, 'R', 0, 0, 0, 1, 'a', 'b', 'c', 0, 0, 0, 0, 'C', 0, 0, 0, 1);

    assertThat(Frame.read(in, 2)).isEqualTo(new Frame(1, Frame.REQUEST, null));
    assertThat(Frame.read(in, 2)).extracting(Frame::kind).isEqualTo(Frame.CANCEL);
    assertThat(Frame.read(in, 2)).isNull();
  }

  @Test
  void aSeatThatSaysNothingEndsNoRequestLaterThanItsLimit() throws Exception {
    try (FakeSeat seat = new FakeSeat()) {
      assertThatThrownBy(() -> seat.link.send(request(Duration.ofMillis(50))))
          .isInstanceOf(HttpTimeoutException.class);
      // Also one that takes nothing: the pipe is full.
      byte[] large = new byte[4 << 20];
      assertThatThrownBy(
              () ->
                  seat.link.send(
                      ServerHttp.request(URI.create("http://seat/x"), Duration.ofMillis(50))
                          .POST(HttpRequest.BodyPublishers.ofByteArray(large))
                          .build()))
          .isInstanceOf(HttpTimeoutException.class);
    }
  }

  @Test
  void anEndlessAnswerThatNobodyReadsIsGivenUp() throws Exception {
    try (FakeSeat seat = new FakeSeat()) {
      Thread flood =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      seat.awaitRequest();
                      seat.says(new Frame(1, Frame.ANSWER, new byte[] {0, (byte) 200, 0, 0}));
                      for (int i = 0; i < 1_000; i++) {
                        seat.says(new Frame(1, Frame.DATA, new byte[Frame.DATA_MAX]));
                      }
                    } catch (IOException closed) {
                      // The test is over.
                    }
                  });

      var body = seat.link.send(ASKED).body();
      flood.join();

      var http = new ServerHttp(Duration.ofSeconds(1), SeatRequestTests.FAILURES, seat.link);
      assertThat(body).isNotNull();
      // The answer to the second request cannot come any more; the link itself still works.
      assertThatThrownBy(() -> http.whole("health", request(Duration.ofMillis(50))))
          .hasMessageContaining("timed out");
      assertThat(seat.link.broken()).isNull();
    }
  }

  @Test
  void whatIsNoFrameBreaksTheLinkAndEveryRequest() throws Exception {
    try (FakeSeat seat = new FakeSeat()) {
      seat.out.write("OpenJDK 64-Bit Server VM warning: something\n".getBytes());
      seat.out.flush();

      assertThatThrownBy(() -> seat.link.send(ASKED)).isInstanceOf(IOException.class);
      assertThat(seat.link.broken()).isNotNull();
    }
  }

  /// A process that does what a test wants.
  private static final class FakeSeat extends Process implements AutoCloseable {
    private final Pipe toParent = Pipe.open();
    private final DataOutputStream out =
        new DataOutputStream(Channels.newOutputStream(toParent.sink()));
    private final Pipe fromParent = Pipe.open();
    private final OutputStream in = Channels.newOutputStream(fromParent.sink());
    private final InputStream toRead = Channels.newInputStream(toParent.source());
    private final CountDownLatch ended = new CountDownLatch(1);
    private final SeatLink link = new SeatLink("fake", this, sentence -> {});

    private FakeSeat() throws IOException {}

    private void awaitRequest() throws IOException {
      Frame.read(new DataInputStream(Channels.newInputStream(fromParent.source())), 1 << 16);
    }

    private void says(Frame frame) throws IOException {
      frame.writeTo(out);
    }

    @Override
    public OutputStream getOutputStream() {
      return in;
    }

    @Override
    public InputStream getInputStream() {
      return toRead;
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
      ended.await();
      return 0;
    }

    @Override
    public boolean waitFor(long time, TimeUnit unit) throws InterruptedException {
      return ended.await(time, unit);
    }

    @Override
    public int exitValue() {
      return 0;
    }

    @Override
    public void destroy() {
      ended.countDown();
    }

    @Override
    public void close() throws IOException {
      ended.countDown();
      out.close();
      fromParent.source().close();
    }
  }
}
