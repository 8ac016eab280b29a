package dev.ponder.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server on bare sockets, so that an answer can be any bytes at any time. It serves one model
/// for each case, and counts what it is asked.
final class CaseServer implements AutoCloseable {

  private static final int HEADERS_MAX = 64 << 10;

  private final ServerSocket listening;
  private final Map<String, Scenario> scenarios;
  private final Function<String, Map<String, Object>> listed;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// How one model answers a completion.
  interface Scenario {
    void answer(Exchange exchange) throws IOException, InterruptedException;
  }

  /// @param scenarios by the name of their model
  /// @param listed what the list of models says of each, besides its name
  CaseServer(Map<String, Scenario> scenarios, Function<String, Map<String, Object>> listed) {
    this.scenarios = scenarios;
    this.listed = listed;
    try {
      listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("case-server").start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /// Completions that a model was asked for.
  int asked(String model) {
    return asked.getOrDefault(model, new AtomicInteger()).get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        open.add(socket);
        Thread.ofVirtual().name("case-connection").start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String head = head(socket.getInputStream());
      if (head.startsWith("GET") && head.split(" ", 3)[1].endsWith("/models")) {
        new Exchange(socket, JsonMapper.shared().nullNode(), 0).whole(200, models());
      } else if (head.startsWith("POST")) {
        JsonNode request = JsonMapper.shared().readTree(body(socket.getInputStream(), head));
        String model = request.path("model").asString("");
        int number = asked.computeIfAbsent(model, m -> new AtomicInteger()).incrementAndGet();
        scenarios.get(model).answer(new Exchange(socket, request, number));
      } else {
        new Exchange(socket, JsonMapper.shared().nullNode(), 0).whole(404, Map.of());
      }
    } catch (IOException gone) {
      // The client has what it wanted, or has given up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private Map<String, Object> models() {
    List<Map<String, Object>> data =
        scenarios.keySet().stream()
            .sorted()
            .map(
                name -> {
                  Map<String, Object> model = new java.util.LinkedHashMap<>();
                  model.put("id", name);
                  model.put("object", "model");
                  model.putAll(listed.apply(name));
                  return model;
                })
            .collect(Collectors.toList());
    return Map.of("object", "list", "data", data);
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0 && head.length() < HEADERS_MAX) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static byte[] body(InputStream in, String head) throws IOException {
    int length =
        head.lines()
            .filter(line -> line.toLowerCase().startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
            .findFirst()
            .orElse(0);
    return in.readNBytes(length);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
