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
import java.util.stream.Collectors;
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

  /// Half of the jobs are copies of each; every job is a second older than the one before.
  private static void copy(JdbcTemplate jdbc, UUID hot, UUID cold) {
    String job = columns(jdbc, "job", "id", "created_at");
    List<UUID> both = List.of(hot, cold);
    for (UUID from : both) {
      jdbc.update(
          "insert into job (id, created_at, %s) select random_uuid(), dateadd(second, -2 * x - ?, created_at), %s from job, system_range(1, ?) where id = ?"
              .formatted(job, job),
          both.indexOf(from),
          JOBS / 2 - 1,
          from);
    }
    copies(jdbc, "thought", columns(jdbc, "thought", "id", "job_id"), hot, "null");
    copies(jdbc, "journal", columns(jdbc, "journal", "job_id"), hot, "null");
    copies(jdbc, "archive_part", columns(jdbc, "archive_part", "job_id"), cold, "not null");
  }

  private static void copies(
      JdbcTemplate jdbc, String table, String columns, UUID from, String archived) {
    jdbc.update(
        "insert into %s (job_id, %s) select job, %s from (select id as job from job where archived_at is %s and id <> ?), %s where job_id = ?"
            .formatted(table, columns, columns, archived, table),
        from,
        from);
  }

  private static String columns(JdbcTemplate jdbc, String table, String... others) {
    return jdbc
        .queryForList(
            "select lower(column_name) from information_schema.columns where table_name = upper(?)",
            String.class,
            table)
        .stream()
        .filter(column -> !List.of(others).contains(column))
        .collect(Collectors.joining(", "));
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
