package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.Answer;
import dev.ponder.job.Claim;
import dev.ponder.job.JobLeases;
import dev.ponder.job.JobSlice;
import dev.ponder.job.TestTime;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What a client gets wrong when it asks for jobs that are there, or are not.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = JobSlice.FRESH_DATA)
class BadLookupTests {

  @Autowired JobLeases leases;
  @Autowired TransactionTemplate transaction;
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

  @ParameterizedTest
  @ValueSource(strings = {"made-up", "AAAA", "%25", "", "MDAwMDAwMDAxLzI", "%00", "%F0%9F%98%80"})
  void anInvalidCursorIsRefused(String cursor) {
    var answer = api.get("/v1/jobs?cursor=" + cursor);

    refused(answer, "/problems/invalid-cursor", "cursor");
  }

  @Test
  void aCursorOfAnotherFilterIsRefused() {
    api.submitted("a");
    api.submitted("b");
    String cursor = api.get("/v1/jobs?limit=1").at("/nextCursor");

    var answer = api.get("/v1/jobs?limit=1&status=queued&cursor=" + cursor);

    refused(answer, "/problems/invalid-cursor", "cursor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "201", "-1", "x", "1.5", "99999999999999999999"})
  void aLimitOutOfItsLimitsIsRefused(String limit) {
    refused(api.get("/v1/jobs?limit=" + limit), "/problems/invalid-request", "limit");
  }

  @Test
  void anUnknownStatusIsRefusedWithTheNearestOne() {
    var answer = api.get("/v1/jobs?status=canceled");

    refused(answer, "/problems/invalid-request", "status");
    assertThat(answer.at("/detail")).contains("Did you mean 'cancelled'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000-0000-0000-0000-000000000000",
        "1-1-1-1-1",
        "nonsense",
        "%20",
        "%F0%9F%98%80"
      })
  void anUnknownJobIsNotFound(String id) {
    for (var answer :
        List.of(
            api.get("/v1/jobs/" + id),
            api.get("/v1/jobs/" + id + "/answer"),
            api.post("/v1/jobs/" + id + "/cancel"),
            api.post("/v1/jobs/" + id + "/resume"),
            api.method("DELETE", "/v1/jobs/" + id, BodyPublishers.noBody()))) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.problem()).isEqualTo("/problems/unknown-job");
    }
  }

  @Test
  void aCompletedJobIsNotResumedAndNotCancelled() {
    String id = api.submitted("Why?");
    completed(id);

    var resumed = api.post("/v1/jobs/" + id + "/resume");
    var cancelled = api.post("/v1/jobs/" + id + "/cancel");

    assertThat(resumed.status()).isEqualTo(409);
    assertThat(resumed.problem()).isEqualTo("/problems/wrong-status");
    assertThat(resumed.at("/found")).isEqualTo("completed");
    assertThat(cancelled.status()).isEqualTo(409);
  }

  private void completed(String id) {
    transaction.executeWithoutResult(
        status ->
            leases.claim("test", 100, Duration.ZERO).stream()
                .map(Claim::lease)
                .filter(lease -> lease.job().equals(UUID.fromString(id)))
                .forEach(
                    lease ->
                        leases
                            .held(lease)
                            .complete(
                                new Answer(
                                    "13",
                                    1,
                                    Answer.ConfidenceBasis.ESTIMATED,
                                    Answer.Completeness.FULL,
                                    "Checked."),
                                time.instant())));
  }

  private static void refused(Api.Answer answer, String type, String field) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo(type);
    assertThat(answer.at("/field")).isEqualTo(field);
  }
}
