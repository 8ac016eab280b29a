package dev.ponder.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An HTTP server whose every byte a test decides: each connection has one request, and what its
/// script answers. It remembers the requests, and knows when a client closes.
public final class WireServer implements AutoCloseable {

  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Script script = (request, wire) -> {};

  /// What is answered to a request.
  public interface Script {
    void answer(String request, Wire wire) throws IOException, InterruptedException;
  }

  /// The connection of one request.
  public static final class Wire {
    private final Socket socket;
    private final OutputStream out;

    private Wire(Socket socket) throws IOException {
      this.socket = socket;
      this.out = socket.getOutputStream();
    }

    public Wire send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
      return this;
    }

    public Wire send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Headers of an answer with this status; its body ends with the connection, unless the headers
    /// say more.
    public Wire head(int status, String... headers) throws IOException {
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      return send("HTTP/1.1 %d X\r\nConnection: close\r\n%s\r\n".formatted(status, more));
    }

    /// A whole answer.
    public Wire whole(int status, String type, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return head(status, "Content-Type: " + type, "Content-Length: " + bytes.length).send(bytes);
    }

    public Wire chunk(byte[] bytes) throws IOException {
      return bytes.length == 0
          ? this
          : send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
    }

    /// Ends the connection as a crash does.
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /// Waits until the client has closed.
    ///
    /// @return how long that took, negative if it did not within ten seconds
    public long millisUntilClosed() throws IOException {
      long began = System.nanoTime();
      socket.setSoTimeout(10_000);
      try {
        while (socket.getInputStream().read() >= 0) {
          // Nothing is expected.
        }
      } catch (java.net.SocketTimeoutException e) {
        return -1;
      } catch (IOException e) {
        // Reset is closed as well.
      }
      return (System.nanoTime() - began) / 1_000_000;
    }
  }

  public WireServer() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  public WireServer answers(Script how) {
    script = how;
    return this;
  }

  /// Requests that have come, each with its first line and its body.
  public List<String> requests() {
    return requests;
  }

  /// Whether so few connections are open now, or become so.
  public boolean connectionsFallTo(int most, Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (open.size() > most && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return open.size() <= most;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      String request = read(client.getInputStream());
      requests.add(request);
      script.answer(request, new Wire(client));
    } catch (IOException e) {
      // The client is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int length =
        text.lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return text.lines().findFirst().orElse("") + "\n" + body;
  }

  /// A script that waits for ever after it has sent this.
  public static Script hangsAfter(String sent, CountDownLatch reached) {
    return (request, wire) -> {
      wire.send(sent);
      reached.countDown();
      wire.millisUntilClosed();
    };
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket client : open) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
