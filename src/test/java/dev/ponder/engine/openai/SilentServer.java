package dev.ponder.engine.openai;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that lists its model, answers so many questions, and then takes questions without ever
/// a byte of an answer. It sees when whoever asked has gone.
final class SilentServer implements AutoCloseable {

  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"thinker\",\"max_model_len\":4096}]}";
  private static final String EVENTS =
      """
      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"thinker","choices":[{"index":0,"delta":{"content":"one, two"},"finish_reason":null}]}

      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"thinker","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}

      data: [DONE]

      """;

  private final ServerSocket socket;
  private final AtomicInteger answers;
  private final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> gone = new LinkedBlockingQueue<>();

  /// @param answers how many questions it answers first
  SilentServer(int answers) {
    this.answers = new AtomicInteger(answers);
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:%d".formatted(socket.getLocalPort()));
  }

  /// Waits until it was asked what it does not answer.
  void awaitQuestion() throws InterruptedException {
    if (asked.poll(30, TimeUnit.SECONDS) == null) {
      throw new AssertionError("It was not asked");
    }
  }

  /// When whoever asked closed the connection, in [System#nanoTime].
  long goneAt() throws InterruptedException {
    Long at = gone.poll(30, TimeUnit.SECONDS);
    if (at == null) {
      throw new AssertionError("The connection is still open");
    }
    return at;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    boolean silent = false;
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        in.readNBytes(length(head));
        if (head.startsWith("GET")) {
          answer(connection, "application/json", MODELS);
        } else if (answers.getAndDecrement() > 0) {
          answer(connection, "text/event-stream", EVENTS);
        } else {
          silent = true;
          asked.add(System.nanoTime());
        }
      }
    } catch (IOException e) {
      // As good as an end.
    }
    if (silent) {
      gone.add(System.nanoTime());
    }
  }

  private static void answer(Socket connection, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(type, bytes.length);
    connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().write(bytes);
    connection.getOutputStream().flush();
  }

  /// The lines before a body; empty at the end of the connection.
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  private static int length(String head) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
