package dev.ponder.bench;

import dev.ponder.journal.archive.Archive;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/// What `GET /v1/jobs?limit=200` takes with ten thousand jobs, every second of them archived, and a
/// look at one of them, as they come from a client on the same machine.
final class ListBench {

  private static final int JOBS = 10_000;
  private static final int TIMES = 500;
  private static final int WARM_UP = 200;
  private static final int PROMPT = 2_000;
  private static final int TOKENS = 300;

  private final Results results;

  ListBench(Results results) {
    this.results = results;
  }

  void run(Path scratch) throws Exception {
    // The service answers lists; the jobs are one thought about and copied as rows.
    try (var service =
        new BenchService(
            scratch.resolve("list"),
            new InstantEngine(TOKENS),
            "ponder.storage.total-max=100GB",
            "ponder.memory.sweep-interval=1h")) {
      UUID hot = service.submit("why ".repeat(PROMPT / 4), "mini", 7);
      service.answered(hot);
      UUID cold = service.submit("why ".repeat(PROMPT / 4), "mini", 7);
      service.answered(cold);
      service.bean(Archive.class).archive(cold);
      copy(service.bean(JdbcTemplate.class), hot, cold);
      try (var client = HttpClient.newHttpClient()) {
        List<UUID> ids =
            new ArrayList<>(
                service
                    .bean(JdbcTemplate.class)
                    .queryForList(
                        "select id from job order by created_at desc limit 200", UUID.class));
        measure(client, service, "GET /v1/jobs?limit=200", "<= 50", i -> "/v1/jobs?limit=200");
        measure(
            client, service, "GET /v1/jobs/{id}", "", i -> "/v1/jobs/" + ids.get(i % ids.size()));
      }
    }
  }

  /// Every other job is a copy of the archived one; each is a second older than the one before.
  private static void copy(JdbcTemplate jdbc, UUID hot, UUID cold) {
    String columns =
        String.join(
            ", ",
            jdbc.queryForList(
                "select lower(column_name) from information_schema.columns where table_name = 'JOB'"
                    + " and column_name not in ('ID', 'CREATED_AT')",
                String.class));
    for (int i = 0; i < JOBS - 2; i++) {
      UUID id = UUID.randomUUID();
      UUID from = i % 2 == 0 ? hot : cold;
      jdbc.update(
          "insert into job (id, created_at, %s) select ?, dateadd(second, ?, created_at), %s from job where id = ?"
              .formatted(columns, columns),
          id,
          -i - 1,
          from);
      if (i % 2 == 0) {
        copy(jdbc, "thought", "id, job_id", id, from);
        copy(jdbc, "journal", "job_id", id, from);
      } else {
        copy(jdbc, "archive_part", "job_id", id, from);
      }
    }
  }

  private static void copy(JdbcTemplate jdbc, String table, String keys, UUID to, UUID from) {
    List<String> skipped = List.of(keys.split(", "));
    String columns =
        String.join(
            ", ",
            jdbc
                .queryForList(
                    "select lower(column_name) from information_schema.columns where table_name = upper(?)",
                    String.class,
                    table)
                .stream()
                .filter(column -> !skipped.contains(column))
                .toList());
    jdbc.update(
        "insert into %s (job_id, %s) select ?, %s from %s where job_id = ?"
            .formatted(table, columns, columns, table),
        to,
        from);
  }

  private interface Paths {
    String path(int number);
  }

  private void measure(
      HttpClient client, BenchService service, String name, String aim, Paths paths)
      throws Exception {
    var times = new Samples();
    int bytes = 0;
    for (int i = 0; i < WARM_UP + TIMES; i++) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + paths.path(i)))
              .build();
      long before = System.nanoTime();
      byte[] body = client.send(request, BodyHandlers.ofByteArray()).body();
      if (i >= WARM_UP) {
        times.add((System.nanoTime() - before) / 1e6);
      }
      bytes = body.length;
    }
    String how =
        "%,d jobs, every second one archived, prompts of %,d characters, 7 thoughts each; %d requests after %d, one after another; %,d bytes"
            .formatted(JOBS, PROMPT, TIMES, WARM_UP, bytes);
    results.add(name + ": ms, median", Results.number(times.median()), "", how);
    results.add(name + ": ms, p99", Results.number(times.at(0.99)), aim, "");
  }
}
