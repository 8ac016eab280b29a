package dev.ponder.model;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A llama-server that says which model it holds, and nothing else. As an OpenAI-compatible server
/// it lists three.
final class FakeServer implements AutoCloseable {

  private static final String LISTED =
      "{\"object\":\"list\",\"data\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}]}";

  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();

  FakeServer(int port, String props) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    answer("/props", props);
    answer("/health", "{\"status\":\"ok\"}");
    answer("/v1/models", LISTED);
    server.start();
  }

  /// Requests so far.
  int asked() {
    return asked.get();
  }

  static FakeServer holding(String alias) throws IOException {
    return new FakeServer(0, props(alias));
  }

  static String props(String alias) {
    return "{\"model_alias\":\"%s\",\"total_slots\":4,\"default_generation_settings\":{\"n_ctx\":8192}}"
        .formatted(alias);
  }

  /// A port of the loopback address that nobody listens on now.
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(String path, String json) {
    server.createContext(
        path,
        exchange -> {
          asked.incrementAndGet();
          byte[] body = json.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }
}
