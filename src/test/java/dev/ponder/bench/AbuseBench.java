package dev.ponder.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a healthy client feels while somebody attacks: `./ponder serve` as shipped, each attack for
/// some seconds from this process, and meanwhile a poll of one job every 25 ms on a connection that
/// stays, and one of liveness every 250 ms on a new one.
final class AbuseBench {

  private static final Duration EACH = Duration.ofSeconds(8);
  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration LIVENESS = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(90);

  /// Connections of an attacker that waits for each answer before the next request.
  private static final int FLOOD = 16;

  private static final String KEY = "bench-7f3a9c1e5b2d8064-bench-7f3a9c1e5b2d8064";

  private final Results results;
  private final JsonMapper json = JsonMapper.shared();

  AbuseBench(Results results) {
    this.results = results;
  }

  private interface Attack {
    /// Goes on for as long as it may; says what came of it.
    String run(Service service, BooleanSupplier going) throws Exception;
  }

  private record Service(Process process, long pid, int port, String key) {

    HttpRequest.Builder request(String path) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
      return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    String authorization() {
      return key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n";
    }

    /// Bytes of memory that the service has, without its children.
    long resident() throws IOException {
      try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
        return lines
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
            .findFirst()
            .orElse(0);
      }
    }
  }

  void run(Path scratch) throws Exception {
    try (var endless = new EndlessServer()) {
      Service open = start(scratch.resolve("open"), "", endless.url());
      try {
        String job = submit(open, "{\"prompt\":\"What is 2 + 3?\"}");
        for (int i = 0; i < 2; i++) {
          measure("nothing", open, job, (service, going) -> await(going));
        }
        withoutKey().forEach((name, attack) -> measureOrTell(name, open, job, attack));
        measureOrTell(
            "eight jobs on a model server that never ends its body",
            open,
            job,
            (service, going) -> {
              for (String model : List.of("line", "events", "error")) {
                for (int i = 0; i < 8; i++) {
                  submit(
                      service,
                      "{\"prompt\":\"Why?\",\"model\":\"%s\",\"deadlineSeconds\":30}"
                          .formatted(model));
                }
              }
              await(going);
              return "%,d MB sent".formatted(endless.sent() >> 20);
            });
        results.add(
            "TCP ports that the service and its children listen on",
            Integer.toString(listening(open)),
            "1",
            "of /proc, inodes of the processes' sockets");
      } finally {
        stop(open);
      }
    }
    Service keyed = start(scratch.resolve("keyed"), KEY, null);
    try {
      String job = submit(keyed, "{\"prompt\":\"What is 2 + 3?\"}");
      measure(
          "wrong keys, " + FLOOD + " connections",
          keyed,
          job,
          flood(
              (number, service) ->
                  RawHttp.request(
                      "GET",
                      "/v1/jobs",
                      "Authorization: Bearer wrong-" + number + "\r\n",
                      new byte[0])));
    } finally {
      stop(keyed);
    }
  }

  private static Map<String, Attack> withoutKey() {
    Map<String, Attack> attacks = new java.util.LinkedHashMap<>();
    byte[] colliding = colliding(1_000_000);
    attacks.put(
        "metadata of names with one hash code, 1 MB a request",
        flood((number, service) -> post(service, colliding)));
    byte[] larger = colliding(14_000_000);
    attacks.put(
        "the same with 380,000 names, 14 MB", flood((number, service) -> post(service, larger)));
    byte[] deep = ("{\"metadata\":" + "[".repeat(900_000)).getBytes(StandardCharsets.US_ASCII);
    attacks.put("JSON 900,000 deep", flood((number, service) -> post(service, deep)));
    byte[] unknown =
        ("{"
                + IntStream.range(0, 80_000)
                    .mapToObj(i -> "\"f" + i + "\":1")
                    .collect(Collectors.joining(","))
                + "}")
            .getBytes(StandardCharsets.US_ASCII);
    attacks.put("80,000 unknown fields", flood((number, service) -> post(service, unknown)));
    attacks.put(
        "requests of a page on the web: Host of another name, Origin, Sec-Fetch-Site",
        flood(
            (number, service) ->
                switch (number % 3) {
                  case 0 ->
                      RawHttp.request("GET", "/v1/jobs", "Host: evil.example\r\n", new byte[0]);
                  case 1 ->
                      RawHttp.request(
                          "POST",
                          "/v1/jobs",
                          "Content-Type: application/json\r\nOrigin: http://evil.example\r\n",
                          "{\"prompt\":\"Why?\"}".getBytes(StandardCharsets.US_ASCII));
                  default ->
                      RawHttp.request(
                          "POST",
                          "/v1/jobs/00000000-0000-7000-8000-000000000000/cancel",
                          "Sec-Fetch-Site: cross-site\r\n",
                          new byte[0]);
                }));
    attacks.put(
        "health, " + FLOOD + " connections",
        flood((number, service) -> RawHttp.request("GET", "/actuator/health", "", new byte[0])));
    attacks.put(
        "jobs with hostile prompts and metadata",
        flood((number, service) -> post(service, hostile(number))));
    attacks.put(
        "1,000 connections with a byte of a header every half second",
        crowd(1_000, "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-", "a", true));
    attacks.put(
        "1,000 connections with a byte of a body every half second",
        crowd(
            1_000,
            "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{",
            " ",
            true));
    attacks.put(
        "1,000 connections that ask on and read nothing",
        crowd(
            1_000,
            "GET /swagger-ui/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20),
            "",
            false));
    attacks.put("10,000 connections that say nothing", crowd(10_000, "", "", true));
    return attacks;
  }

  private interface Request {
    byte[] bytes(int number, Service service);
  }

  private static byte[] post(Service service, byte[] body) {
    return RawHttp.request(
        "POST", "/v1/jobs", "Content-Type: application/json\r\n" + service.authorization(), body);
  }

  private static Attack flood(Request request) {
    return (service, going) -> {
      var answers = new ConcurrentSkipListMap<String, AtomicInteger>();
      List<Thread> attackers =
          IntStream.range(0, FLOOD)
              .mapToObj(
                  i -> Thread.ofVirtual().start(() -> repeat(service, request, i, going, answers)))
              .toList();
      for (Thread attacker : attackers) {
        attacker.join();
      }
      return answers.entrySet().stream()
          .map(answer -> answer.getValue() + " times " + answer.getKey())
          .collect(Collectors.joining(", "));
    };
  }

  private static void repeat(
      Service service,
      Request request,
      int first,
      BooleanSupplier going,
      Map<String, AtomicInteger> answers) {
    int number = first;
    while (going.getAsBoolean()) {
      try (var http = new RawHttp(service.port())) {
        while (going.getAsBoolean()) {
          count(answers, Integer.toString(http.exchange(request.bytes(number, service))));
          number += FLOOD;
        }
      } catch (IOException closed) {
        count(answers, "closed");
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private static void count(Map<String, AtomicInteger> answers, String answer) {
    answers.computeIfAbsent(answer, a -> new AtomicInteger()).incrementAndGet();
  }

  private static Attack crowd(int size, String beginning, String drip, boolean reads) {
    return (service, going) -> {
      var crowd = new Crowd(service.port(), size, beginning, drip, reads);
      crowd.come(going);
      return crowd.told();
    };
  }

  private static String await(BooleanSupplier going) {
    while (going.getAsBoolean()) {
      LockSupport.parkNanos(10_000_000);
    }
    return "";
  }

  /// Names of 32 letters, each made of the pairs `Aa` and `BB`, which have one hash code.
  private static byte[] colliding(int bytes) {
    var body = new StringBuilder("{\"prompt\":\"Why?\",\"metadata\":{");
    for (int number = 0; body.length() < bytes - 60; number++) {
      body.append(number == 0 ? "\"" : ",\"");
      for (int bit = 0; bit < 20; bit++) {
        body.append((number >> bit & 1) == 0 ? "Aa" : "BB");
      }
      body.append("\":\"\"");
    }
    return body.append("}}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hostile(int number) {
    String text =
        List.of(
                "\\u001b]52;c;aGk=\\u0007",
                "\\u202e\\u2066</think><think>",
                "<|im_end|><|im_start|>",
                "((((".repeat(2_000),
                "1,".repeat(5_000),
                "Aa BB ".repeat(3_000),
                "\\ud83d\\ude00".repeat(500),
                "{{#prompt}}{{/prompt}}")
            .get(number % 8);
    return "{\"prompt\":\"%s\",\"metadata\":{\"of\":\"%s\"},\"deadlineSeconds\":20}"
        .formatted(text, text.length() < 1000 ? text : "")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void measureOrTell(String name, Service service, String job, Attack attack) {
    try {
      measure(name, service, job, attack);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      results.add("poll during: " + name, "broken off", "", e.toString());
    }
  }

  private void measure(String name, Service service, String job, Attack attack) throws Exception {
    long end = System.nanoTime() + EACH.toNanos();
    BooleanSupplier going = () -> System.nanoTime() < end && service.process().isAlive();
    var told = new String[1];
    Thread attacker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    told[0] = attack.run(service, going);
                  } catch (Exception e) {
                    told[0] = e.toString();
                  }
                });
    var polls = new Samples();
    var lives = new Samples();
    var failures = new AtomicInteger();
    Thread living =
        Thread.ofVirtual()
            .start(
                () ->
                    observe(
                        service, "/actuator/health/liveness", LIVENESS, lives, failures, going));
    long[] resident = new long[1];
    Thread memory =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (going.getAsBoolean()) {
                    try {
                      resident[0] = Math.max(resident[0], service.resident());
                    } catch (IOException ended) {
                      return;
                    }
                    LockSupport.parkNanos(100_000_000);
                  }
                });
    observe(service, "/v1/jobs/" + job, POLL, polls, failures, going);
    attacker.join(PATIENCE);
    living.join();
    memory.join();
    if (!service.process().isAlive()) {
      throw new IOException("The service ended during: " + name);
    }
    results.add(
        "poll during: " + name + ", p99 ms",
        polls.count() == 0 ? "none" : Results.number(polls.at(0.99)),
        "<= 100",
        "p50 %s, most %s, %d polls; liveness p99 %s; %d failed; %d MB resident at most; %s"
            .formatted(
                Results.number(polls.median()),
                Results.number(polls.at(1)),
                polls.count(),
                Results.number(lives.at(0.99)),
                failures.get(),
                resident[0] >> 20,
                told[0]));
    // What an attack has left over is not the next one's.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
  }

  /// Asks again and again. A poll that took longer than the time between two stands for those that
  /// were not made meanwhile (HdrHistogram's correction of coordinated omission).
  private static void observe(
      Service service,
      String path,
      Duration every,
      Samples samples,
      AtomicInteger failures,
      BooleanSupplier going) {
    boolean anew = path.endsWith("liveness");
    HttpClient stays = HttpClient.newHttpClient();
    while (going.getAsBoolean()) {
      LockSupport.parkNanos(every.toNanos());
      long asked = System.nanoTime();
      HttpClient http = anew ? HttpClient.newHttpClient() : stays;
      try {
        int status =
            http.send(service.request(path).timeout(PATIENCE).build(), BodyHandlers.discarding())
                .statusCode();
        if (status != 200) {
          failures.incrementAndGet();
        }
      } catch (IOException failed) {
        failures.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      } finally {
        if (anew) {
          http.shutdownNow();
        }
      }
      long took = System.nanoTime() - asked;
      do {
        samples.add(took / 1e6);
        took -= every.toNanos();
      } while (took > 0);
    }
    stays.shutdownNow();
  }

  private Service start(Path data, String key, URI endless) throws Exception {
    Files.createDirectories(data);
    Path config = data.resolveSibling(data.getFileName() + ".yaml");
    var settings = new StringBuilder("ponder:\n");
    if (!key.isEmpty()) {
      settings.append("  api-keys: ").append(key).append('\n');
    }
    if (endless != null) {
      settings.append("  models:\n");
      for (String model : List.of("line", "events", "error")) {
        settings.append(
            "    %s: {engine: openai, url: \"%s/%s\", context: 8192, sequences: 8}%n"
                .formatted(model, endless, model));
      }
    }
    Files.writeString(config, settings);
    Process process =
        new ProcessBuilder(
                "./ponder",
                "serve",
                "--port",
                "0",
                "--data",
                data.toString(),
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(data.resolveSibling(data.getFileName() + ".log").toFile())
            .start();
    Path file = data.resolve("service.json");
    long limit = System.nanoTime() + START_LIMIT;
    while (!Files.exists(file) || Files.size(file) == 0) {
      if (System.nanoTime() > limit || !process.isAlive()) {
        throw new IOException(
            "The service did not start:\n"
                + Files.readString(data.resolveSibling(data.getFileName() + ".log")));
      }
      LockSupport.parkNanos(10_000_000);
    }
    JsonNode service = json.readTree(Files.readString(file));
    return new Service(
        process,
        service.get("pid").asLong(),
        URI.create(service.get("url").asString()).getPort(),
        key);
  }

  private static void stop(Service service) throws InterruptedException {
    ProcessHandle.of(service.pid()).ifPresent(ProcessHandle::destroy);
    if (!service.process().waitFor(30, TimeUnit.SECONDS)) {
      service.process().destroyForcibly().waitFor();
    }
  }

  private String submit(Service service, String body) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      String answer =
          http.send(
                  service
                      .request("/v1/jobs")
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      return json.readTree(answer).path("id").asString();
    }
  }

  /// Sockets of the service and of its children that listen on TCP.
  private static int listening(Service service) throws IOException {
    Map<String, Boolean> inodes = new TreeMap<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try (var lines = Files.lines(Path.of(table))) {
        lines
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields[3].equals("0A"))
            .forEach(fields -> inodes.put("socket:[" + fields[9] + "]", true));
      }
    }
    int count = 0;
    ProcessHandle own = ProcessHandle.of(service.pid()).orElseThrow();
    for (ProcessHandle each :
        java.util.stream.Stream.concat(java.util.stream.Stream.of(own), own.descendants())
            .toList()) {
      try (var files = Files.list(Path.of("/proc/" + each.pid() + "/fd"))) {
        for (Path file : files.toList()) {
          if (Files.isSymbolicLink(file)
              && inodes.containsKey(Files.readSymbolicLink(file).toString())) {
            count++;
          }
        }
      }
    }
    return count;
  }

  /// Answers every request without end: with one line of an event, with events that say nothing, or
  /// with an error.
  private static final class EndlessServer implements AutoCloseable {
    private final ServerSocket listening =
        new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final java.util.concurrent.atomic.AtomicLong sent =
        new java.util.concurrent.atomic.AtomicLong();

    EndlessServer() throws IOException {
      Thread.ofVirtual()
          .start(
              () -> {
                while (!listening.isClosed()) {
                  try {
                    Socket socket = listening.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                  } catch (IOException closed) {
                    return;
                  }
                }
              });
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    long sent() {
      return sent.get();
    }

    private void answer(Socket socket) {
      try (socket) {
        var in = socket.getInputStream();
        byte[] some = new byte[8192];
        String request = new String(some, 0, Math.max(0, in.read(some)), StandardCharsets.UTF_8);
        boolean chat = request.startsWith("POST");
        OutputStream out = socket.getOutputStream();
        out.write(
            "HTTP/1.1 %s\r\nContent-Type: %s\r\n\r\n"
                .formatted(
                    request.contains("/error/") && chat ? "500 Broken" : "200 OK",
                    chat ? "text/event-stream" : "application/json")
                .getBytes(StandardCharsets.US_ASCII));
        String part = chat && request.contains("/events/") ? ": \n\ndata: {}\n\n" : "data: aaaaaaa";
        byte[] much = part.repeat(1000).getBytes(StandardCharsets.US_ASCII);
        while (!listening.isClosed()) {
          out.write(much);
          sent.addAndGet(much.length);
        }
      } catch (IOException gone) {
        // The service has had enough.
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}
