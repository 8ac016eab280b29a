package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.Answer;
import dev.ponder.job.Claim;
import dev.ponder.job.HeldJob;
import dev.ponder.job.JobLeases;
import dev.ponder.job.JobSlice;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Lease;
import dev.ponder.job.TestTime;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = JobSlice.FRESH_DATA)
class JobApiTests {

  @Autowired JobLeases leases;
  @Autowired TestTime time;
  @Autowired JdbcClient jdbc;
  @LocalServerPort int port;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @AfterEach
  void empty() {
    jdbc.sql("delete from job").update();
  }

  @Test
  void aSubmissionIsAcceptedWithThePlaceWhereToFollowIt() {
    var answer =
        api.submit(
            """
            {"prompt": "Why is the sky blue?", "seed": 9007199254740993, "deadlineSeconds": 60,
             "metadata": {"for": "Ada"}}
            """);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + answer.at("/id"));
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.header("Idempotency-Replayed")).isNull();
    assertThat(answer.at("/status")).isEqualTo("queued");
    assertThat(answer.json().at("/seed").asLong()).isEqualTo(9007199254740993L);
    assertThat(answer.at("/metadata/for")).isEqualTo("Ada");
    assertThat(answer.at("/createdAt")).isEqualTo(time.instant().toString());
    assertThat(answer.at("/deadline")).isEqualTo(time.instant().plusSeconds(60).toString());
  }

  @Test
  void everyFieldIsAlwaysThere() {
    var job = api.get("/v1/jobs/" + api.submitted("Why?")).json();

    assertThat(job.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "status",
            "stage",
            "prompt",
            "pipeline",
            "model",
            "seed",
            "metadata",
            "createdAt",
            "startedAt",
            "finishedAt",
            "archivedAt",
            "deadline",
            "progress",
            "stages",
            "answer",
            "waitingFor",
            "pausedBecause",
            "failure",
            "resumes");
    assertThat(job.get("progress").propertyNames())
        .containsExactlyInAnyOrder(
            "percent", "tokens", "tokensPerSecond", "etaSeconds", "heartbeatAt");
    assertThat(job.get("answer").isNull()).isTrue();
    assertThat(job.at("/stages/0").propertyNames())
        .contains("name", "status", "tokens", "budget", "branches");
  }

  @Test
  void theSameKeyBringsTheSameJobBack() {
    var first = api.submit(Api.prompt("Why?"), "Idempotency-Key", "k-1");

    var second = api.submit("{ \"prompt\" : \"Why?\" }", "Idempotency-Key", "k-1");

    assertThat(second.status()).isEqualTo(202);
    assertThat(second.at("/id")).isEqualTo(first.at("/id"));
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void anyRepresentationWillDo() {
    String id = api.submitted("Why?");
    String etag = api.get("/v1/jobs/" + id).header("ETag");

    for (String[] sent :
        List.of(
            new String[] {"If-None-Match", "*"},
            new String[] {"If-None-Match", " * "},
            new String[] {"If-None-Match", "W/" + etag.replaceFirst("^W/", "")},
            new String[] {"If-None-Match", "\"other\", " + etag},
            new String[] {"If-None-Match", "\"other\"", "If-None-Match", etag})) {
      var answer = api.get("/v1/jobs/" + id, sent);
      assertThat(answer.status()).as(String.join(" ", sent)).isEqualTo(304);
      assertThat(answer.header("ETag")).isEqualTo(etag);
    }
    assertThat(api.get("/v1/jobs/" + id, "If-None-Match", "\"other\"").status()).isEqualTo(200);
    assertThat(api.get("/v1/jobs/" + UUID.randomUUID(), "If-None-Match", "*").status())
        .isEqualTo(404);
  }

  @Test
  void aJobThatHasNotChangedIsNotSentAgain() {
    String id = api.submitted("Why?");
    String etag = api.get("/v1/jobs/" + id).header("ETag");

    var again = api.get("/v1/jobs/" + id, "If-None-Match", etag);
    api.post("/v1/jobs/" + id + "/cancel");
    var changed = api.get("/v1/jobs/" + id, "If-None-Match", etag);

    assertThat(again.status()).isEqualTo(304);
    assertThat(again.header("ETag")).isEqualTo(etag);
    assertThat(again.header("Retry-After")).isEqualTo("1");
    assertThat(again.response().body()).isEmpty();
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isNotEqualTo(etag);
    assertThat(changed.header("Retry-After")).isNull();
  }

  @Test
  void theListIsPagedNewestFirst() {
    List<String> ids =
        java.util.stream.Stream.of("a", "b", "c", "d", "e")
            .map(
                prompt -> {
                  time.advance(Duration.ofSeconds(1));
                  return api.submitted(prompt);
                })
            .toList();

    var first = api.get("/v1/jobs?limit=2");
    var second = api.get("/v1/jobs?limit=2&cursor=" + first.at("/nextCursor"));
    var third = api.get("/v1/jobs?limit=2&cursor=" + second.at("/nextCursor"));

    assertThat(List.of(first.at("/items/0/id"), first.at("/items/1/id")))
        .containsExactly(ids.get(4), ids.get(3));
    assertThat(List.of(second.at("/items/0/id"), second.at("/items/1/id")))
        .containsExactly(ids.get(2), ids.get(1));
    assertThat(third.at("/items/0/id")).isEqualTo(ids.get(0));
    assertThat(third.json().at("/items").size()).isEqualTo(1);
    assertThat(third.json().at("/nextCursor").isNull()).isTrue();
  }

  @Test
  void theListIsFilteredByStatus() {
    String waiting = api.submitted("waits");
    String cancelled = api.submitted("is cancelled");
    api.post("/v1/jobs/" + cancelled + "/cancel");

    var found = api.get("/v1/jobs?status=cancelled&status=failed");
    var both = api.get("/v1/jobs?status=cancelled,queued");

    assertThat(found.json().at("/items").size()).isEqualTo(1);
    assertThat(found.at("/items/0/id")).isEqualTo(cancelled);
    assertThat(both.json().at("/items").values().stream().map(job -> job.get("id").asString()))
        .containsExactlyInAnyOrder(waiting, cancelled);
  }

  @Test
  void theAnswerIsThereOnceTheJobIsCompleted() {
    String id = api.submitted("How much?");
    var before = api.get("/v1/jobs/" + id + "/answer");
    run(
        id,
        job ->
            job.complete(
                new Answer(
                    "13",
                    0.75,
                    Answer.ConfidenceBasis.MEASURED,
                    Answer.Completeness.FULL,
                    "All agree."),
                time.instant()));

    var answer = api.get("/v1/jobs/" + id + "/answer");
    var job = api.get("/v1/jobs/" + id);

    assertThat(before.status()).isEqualTo(409);
    assertThat(before.problem()).isEqualTo("/problems/answer-not-ready");
    assertThat(before.header("Retry-After")).isEqualTo("1");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/text")).isEqualTo("13");
    assertThat(answer.at("/completeness")).isEqualTo("full");
    assertThat(job.at("/status")).isEqualTo("completed");
    assertThat(job.json().get("answer")).isEqualTo(answer.json());
  }

  @Test
  void aCancelledJobSaysThatNoAnswerWillCome() {
    String id = api.submitted("Why?");
    api.post("/v1/jobs/" + id + "/cancel");

    var answer = api.get("/v1/jobs/" + id + "/answer");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("/problems/no-answer");
    assertThat(answer.header("Retry-After")).isNull();
  }

  @Test
  void cancellingTwiceIsHarmless() {
    String id = api.submitted("Why?");

    var first = api.post("/v1/jobs/" + id + "/cancel");
    var second = api.post("/v1/jobs/" + id + "/cancel");

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json()).isEqualTo(first.json());
  }

  @Test
  void aPausedJobIsQueuedAgain() {
    String id = api.submitted("Why?");
    run(id, job -> job.pause("The engine is away."));
    var paused = api.get("/v1/jobs/" + id);

    var resumed = api.post("/v1/jobs/" + id + "/resume");

    assertThat(paused.at("/status")).isEqualTo("paused");
    assertThat(paused.at("/pausedBecause")).isEqualTo("The engine is away.");
    assertThat(resumed.status()).isEqualTo(202);
    assertThat(resumed.header("Location")).isEqualTo("/v1/jobs/" + id);
    assertThat(resumed.at("/status")).isEqualTo("queued");
    assertThat(resumed.json().get("pausedBecause").isNull()).isTrue();
  }

  @Test
  void aDeletedJobIsGone() {
    String id = api.submitted("Why?");

    var deleted = api.method("DELETE", "/v1/jobs/" + id, BodyPublishers.noBody());

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(api.get("/v1/jobs/" + id).status()).isEqualTo(404);
    assertThat(api.method("DELETE", "/v1/jobs/" + id, BodyPublishers.noBody()).status())
        .isEqualTo(404);
  }

  @Test
  void aRunningJobShowsHowFarItIs() {
    String id = api.submitted("Why?");
    run(id, job -> job.enter("initial_analysis", 1, time.instant()));

    var job = api.get("/v1/jobs/" + id);

    assertThat(job.at("/status")).isEqualTo(JobStatus.RUNNING.key());
    assertThat(job.at("/stage")).isEqualTo("initial_analysis");
    assertThat(job.json().at("/progress/etaSeconds").asDouble()).isEqualTo(1.5);
    assertThat(job.json().at("/resumes/0/tokensKept").asInt()).isEqualTo(64);
    assertThat(job.header("Retry-After")).isEqualTo("1");
  }

  private void run(String id, Consumer<HeldJob> step) {
    Lease lease =
        leases.claim("test", 100, Duration.ZERO).stream()
            .map(Claim::lease)
            .filter(l -> l.job().equals(UUID.fromString(id)))
            .findFirst()
            .orElseThrow();
    step.accept(leases.held(lease));
  }
}
