package dev.ponder.model.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A web server with one file and any manners a test wants it to have. It remembers what it was
/// asked.
public final class FileServer implements AutoCloseable {

  private final HttpServer server;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Deque<Integer> statuses = new ArrayDeque<>();
  private final Deque<Integer> breaks = new ArrayDeque<>();

  /// What was asked: path, `Range`, `If-Range`, `Authorization`; `-` for each that was not there.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  public volatile byte[] bytes;
  public volatile String etag = "\"one\"";
  public volatile boolean ignoresRange;
  public volatile boolean stalls;
  public volatile String retryAfter;
  public volatile String redirectsTo;
  public volatile String linkedEtag;

  public FileServer(byte[] bytes) throws IOException {
    this.bytes = bytes;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next answers have these statuses.
  public FileServer refusing(Integer... with) {
    statuses.addAll(List.of(with));
    return this;
  }

  /// The next answers end after so many bytes.
  public FileServer breakingAfter(Integer... counts) {
    breaks.addAll(List.of(counts));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        "%s %s %s %s"
            .formatted(
                exchange.getRequestURI().getPath(),
                header(exchange, "Range"),
                header(exchange, "If-Range"),
                header(exchange, "Authorization")));
    try (exchange) {
      Integer status = statuses.poll();
      if (status != null) {
        if (retryAfter != null) {
          exchange.getResponseHeaders().add("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, -1);
      } else if (redirectsTo != null) {
        exchange.getResponseHeaders().add("Location", redirectsTo);
        if (linkedEtag != null) {
          exchange.getResponseHeaders().add("X-Linked-Etag", linkedEtag);
          exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(bytes.length));
        }
        exchange.sendResponseHeaders(302, -1);
      } else {
        deliver(exchange);
      }
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "-" : value;
  }

  private void deliver(HttpExchange exchange) throws IOException {
    String range = header(exchange, "Range");
    String condition = header(exchange, "If-Range");
    boolean partly =
        !ignoresRange
            && range.startsWith("bytes=")
            && (condition.equals("-") || condition.equals(etag));
    int from =
        partly ? Integer.parseInt(range.substring("bytes=".length(), range.length() - 1)) : 0;
    if (etag != null) {
      exchange.getResponseHeaders().add("ETag", etag);
    }
    if (from >= bytes.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (partly) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    exchange.sendResponseHeaders(partly ? 206 : 200, bytes.length - from);
    Integer most = breaks.poll();
    int end = most == null ? bytes.length : Math.min(bytes.length, from + most);
    OutputStream body = exchange.getResponseBody();
    body.write(Arrays.copyOfRange(bytes, from, end));
    body.flush();
    if (stalls && end < bytes.length) {
      stall();
    }
  }

  private void stall() {
    try {
      closing.await(120, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
