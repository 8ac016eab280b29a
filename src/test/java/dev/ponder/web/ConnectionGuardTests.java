package dev.ponder.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real Jetty, whose guard looks when the test says so, and whose time moves when the test moves
/// it.
class ConnectionGuardTests {

  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(20, 15, 5, Duration.ofSeconds(10));
  private static final byte[] POLL = bytes("GET /poll HTTP/1.1\r\nHost: a\r\n\r\n");
  private static final String UPLOAD = "POST /body HTTP/1.1\r\nHost: a\r\n";

  private final Server server = new Server();
  private final AtomicLong time = new AtomicLong();
  private final ConnectionGuard guard = new ConnectionGuard(LIMITS, time::get);
  private final ServerConnector connector = new ServerConnector(server);
  private final CountDownLatch work = new CountDownLatch(1);
  private final List<Socket> opened = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(0);
    connector.addBean(guard, false);
    server.addConnector(connector);
    server.setHandler(new Paths());
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    work.countDown();
    for (Socket socket : opened) {
      socket.close();
    }
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n", "G", "GET /poll HTTP/1.1\r\n", "GET /poll HTTP/1.1\r\nX: y"})
  void headersHaveTenSecondsFromTheOpening(String beginning) throws Exception {
    var client = open();
    client.getOutputStream().write(bytes(beginning));

    for (int i = 0; i < 9; i++) {
      pass(1);
      client.getOutputStream().write(bytes(beginning.isBlank() ? beginning : "a"));
    }
    assertThat(guard.connections()).isEqualTo(1);
    pass(2);

    assertThat(read(client)).isEmpty();
  }

  @Test
  void headersOfALaterRequestHaveTenSecondsFromTheirFirstByte() throws Exception {
    var client = open();
    client.getOutputStream().write(POLL);
    assertThat(answer(client)).startsWith("HTTP/1.1 200");
    pass(30);
    client.getOutputStream().write(bytes("GET"));
    pass(5);
    client.getOutputStream().write(bytes(" /poll"));
    pass(4);
    assertThat(guard.connections()).isEqualTo(1);
    pass(4);

    assertThat(read(client)).isEmpty();
  }

  @Test
  void aConnectionThatIsUsedNowAndThenStays() throws Exception {
    var client = open();
    for (int i = 0; i < 20; i++) {
      client.getOutputStream().write(POLL);
      assertThat(answer(client)).startsWith("HTTP/1.1 200");
      pass(30);
    }
    assertThat(guard.connections()).isEqualTo(1);

    pass(31);

    assertThat(read(client)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\n",
        "Content-Length: 10\r\n\r\na",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n000",
        "Transfer-Encoding: chunked\r\n\r\n1;a=b",
        "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y"
      })
  void aBodyThatStallsEndsItsReader(String beginning) throws Exception {
    var client = open();
    client.getOutputStream().write(bytes(UPLOAD + beginning));

    pass(9);
    assertThat(guard.connections()).isEqualTo(1);
    pass(2);

    assertThat(read(client)).startsWith("HTTP/1.1 408");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 1000\r\n\r\n|a", "Transfer-Encoding: chunked\r\n\r\n|1\r\na\r\n"})
  void aBodyInDropsEndsAfterTwentySeconds(String beginning) throws Exception {
    String[] parts = beginning.split("\\|");
    var client = open();
    client.getOutputStream().write(bytes(UPLOAD + parts[0]));
    for (int i = 0; i < 19; i++) {
      client.getOutputStream().write(bytes(parts[1]));
      pass(1);
    }
    assertThat(guard.connections()).isEqualTo(1);

    pass(2);

    assertThat(read(client)).startsWith("HTTP/1.1 408");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 100_000})
  void theExtensionsOfAChunkAreNoProgress(int bytes) throws Exception {
    var client = open();
    client.getOutputStream().write(bytes(UPLOAD + "Transfer-Encoding: chunked\r\n\r\n1;x="));
    try {
      for (int i = 0; i < 11; i++) {
        client.getOutputStream().write(bytes("y".repeat(bytes)));
        pass(1);
      }
    } catch (IOException ended) {
      assertThat(bytes).isGreaterThanOrEqualTo(1000);
      return;
    }

    assertThat(read(client)).startsWith("HTTP/1.1 4");
  }

  @Test
  void aBodyThatComesSteadilyMayTakeItsTime() throws Exception {
    var client = open();
    client.getOutputStream().write(bytes(UPLOAD + "Content-Length: 2000000\r\n\r\n"));
    for (int i = 0; i < 100; i++) {
      client.getOutputStream().write(new byte[20_000]);
      pass(1);
    }

    assertThat(answer(client)).startsWith("HTTP/1.1 200");
  }

  @Test
  void whoeverDoesNotTakeTheAnswerIsLeft() throws Exception {
    var client = open();
    client.getOutputStream().write(bytes("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
    await(() -> unfinished() == 1);

    pass(9);
    assertThat(guard.connections()).isEqualTo(1);
    pass(2);

    await(() -> guard.connections() == 0);
  }

  @Test
  void whoeverTakesTheAnswerInDropsIsLeft() throws Exception {
    var client = open(64 << 10);
    client.getOutputStream().write(bytes("GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));

    // The system takes in some megabytes of the answer by itself.
    for (int i = 0; i < 120 && guard.connections() > 0; i++) {
      client.getInputStream().readNBytes(1000);
      pass(8);
    }

    await(() -> guard.connections() == 0);
  }

  @Test
  void anAnswerThatFlowsNowAndThenHasNoLimit() throws Exception {
    var client = open();
    client.getOutputStream().write(bytes("GET /work HTTP/1.1\r\nHost: a\r\n\r\n"));

    pass(3600);
    pass(3600);
    work.countDown();

    assertThat(answer(client)).startsWith("HTTP/1.1 200");
  }

  @Test
  void oneAddressPushesOutItsOwnThatHaveWaitedLongest() throws Exception {
    var idle = open();
    idle.getOutputStream().write(POLL);
    assertThat(answer(idle)).startsWith("HTTP/1.1 200");
    var worked = open();
    worked.getOutputStream().write(bytes("GET /work HTTP/1.1\r\nHost: a\r\n\r\n"));
    pass(1);
    for (int i = 0; i < 100; i++) {
      open().getOutputStream().write(bytes("GET"));
    }
    await(() -> guard.connections() == LIMITS.perAddress());
    // Of those that come in one moment nobody has waited longest: until the last has come.
    Thread.sleep(500);

    var healthy = open();
    healthy.getOutputStream().write(POLL);

    assertThat(answer(healthy)).startsWith("HTTP/1.1 200");
    assertThat(read(idle)).isEmpty();
    work.countDown();
    assertThat(answer(worked)).startsWith("HTTP/1.1 200");
  }

  @Test
  void bodiesAndAnswersThatAreKeptForSlowClientsAreFew() throws Exception {
    for (int i = 0; i < 10; i++) {
      open().getOutputStream().write(bytes(UPLOAD + "Content-Length: 10\r\n\r\na"));
    }

    await(() -> unfinished() == LIMITS.unfinished() && told() == 5);
  }

  @Test
  void aProcessThatMayOpenFewFilesHoldsFewConnections() {
    assertThat(LIMITS.within(-1)).isEqualTo(LIMITS);
    assertThat(LIMITS.within(20)).isEqualTo(new ConnectionLimits(15, 13, 5, LIMITS.patience()));
    assertThat(LIMITS.within(1 << 20)).isEqualTo(LIMITS);
  }

  private long told() {
    return opened.stream().filter(ConnectionGuardTests::hasAnswer).count();
  }

  private static boolean hasAnswer(Socket client) {
    try {
      return client.getInputStream().available() > 0;
    } catch (IOException ended) {
      return false;
    }
  }

  private int unfinished() {
    guard.look();
    return guard.unfinished();
  }

  /// Lets seconds pass, after what was sent has arrived. The guard looks at the end of each.
  private void pass(int seconds) throws Exception {
    Thread.sleep(20);
    guard.look();
    int step = Math.max(1, seconds / 20);
    for (int passed = 0; passed < seconds; passed += step) {
      time.addAndGet(TimeUnit.SECONDS.toNanos(Math.min(step, seconds - passed)));
      guard.look();
    }
  }

  private static void await(BooleanSupplier condition) throws Exception {
    for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Socket open() throws IOException {
    return open(0);
  }

  /// @param receives bytes that the system takes in for the client, or 0 for as many as it likes
  private Socket open(int receives) throws IOException {
    var socket = new Socket();
    if (receives > 0) {
      socket.setReceiveBufferSize(receives);
    }
    socket.connect(new InetSocketAddress("127.0.0.1", connector.getLocalPort()));
    socket.setSoTimeout(20_000);
    opened.add(socket);
    return socket;
  }

  /// All that comes until the connection ends.
  private static String read(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    var all = new StringBuilder();
    byte[] some = new byte[8192];
    try {
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        all.append(new String(some, 0, read, StandardCharsets.US_ASCII));
      }
    } catch (java.net.SocketTimeoutException open) {
      throw new AssertionError("The connection is still open", open);
    } catch (IOException reset) {
      // As good an end as any.
    }
    return all.toString();
  }

  /// One answer without a body.
  private static String answer(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private final class Paths extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      switch (Request.getPathInContext(request)) {
        case "/body" -> {
          try (InputStream body = Content.Source.asInputStream(request)) {
            body.readAllBytes();
          } catch (IOException failed) {
            boolean slow = failed.getCause() instanceof ClientTooSlow;
            Response.writeError(request, response, callback, slow ? 408 : 400);
            return true;
          }
        }
        case "/work" -> work.await();
        case "/big" -> {
          try (OutputStream out = Content.Sink.asOutputStream(response)) {
            for (int i = 0; i < 10_000; i++) {
              out.write(new byte[10_000]);
            }
          } catch (IOException left) {
            callback.failed(left);
            return true;
          }
        }
        default -> {}
      }
      response.getHeaders().put("Content-Length", 0);
      response.write(true, ByteBuffer.allocate(0), callback);
      return true;
    }
  }
}
