package dev.ponder.cli.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ponder.start.ParentWatch;
import dev.ponder.start.ServiceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A service that says what a test told it to, and remembers what it was asked. As a program it is
/// the child that `ask` starts: one job that is running for ever, or done at once.
public final class FakeService implements AutoCloseable {

  private final HttpServer server;
  private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
  public final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> bodies = new CopyOnWriteArrayList<>();
  public final List<String> headers = new CopyOnWriteArrayList<>();

  private volatile Incident incident = () -> {};
  private volatile int incidentAt = Integer.MAX_VALUE;

  record Reply(int status, String etag, String body) {}

  FakeService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /// Answers of one request in turn; the last one is repeated.
  public FakeService says(String request, String... bodies) {
    for (String body : bodies) {
      says(request, request.startsWith("POST") ? 202 : 200, body);
    }
    return this;
  }

  public FakeService says(String request, int status, String body) {
    String etag = "\"" + body.hashCode() + "\"";
    replies.computeIfAbsent(request, r -> new ArrayDeque<>()).add(new Reply(status, etag, body));
    return this;
  }

  /// Does something instead of answering the request with this number.
  void afterwards(int requests, Incident incident) {
    this.incident = incident;
    this.incidentAt = requests;
  }

  interface Incident {
    void happens() throws IOException;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(request);
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    headers.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (asked.size() == incidentAt) {
      incident.happens();
    }
    Reply reply = next(request);
    boolean same = reply.etag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    asked.set(asked.size() - 1, same ? request + " 304" : request);
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("ETag", reply.etag());
    exchange.sendResponseHeaders(same ? 304 : reply.status(), same ? -1 : body.length);
    if (!same) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private Reply next(String request) {
    Deque<Reply> told = replies.get(request);
    if (told == null) {
      return new Reply(404, "none", problem("/problems/unknown-job", "Unknown job", request));
    }
    synchronized (told) {
      return told.size() > 1 ? told.removeFirst() : told.getFirst();
    }
  }

  static String problem(String type, String title, String detail) {
    return "{\"type\":\"%s\",\"title\":\"%s\",\"detail\":\"%s\"}".formatted(type, title, detail);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /// Arguments as `serve` gets them; the first says the status of the job.
  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[List.of(args).indexOf("--data") + 1]);
    String job =
        args[0].equals("completed")
            ? """
              {"id":"j1","status":"completed","progress":{"tokens":9},
               "answer":{"text":"13","confidence":0.8,"completeness":"full"}}
              """
            : "{\"id\":\"j1\",\"status\":\"running\"}";
    FakeService service = new FakeService();
    service.says("POST /v1/jobs", job).says("GET /v1/jobs/j1", job);
    ServiceFile said =
        new ServiceFile(ProcessHandle.current().pid(), URI.create(service.url()), Instant.now());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    said.removeFrom(data);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
    new ParentWatch(System.in).start();
    said.writeTo(data);
  }
}
