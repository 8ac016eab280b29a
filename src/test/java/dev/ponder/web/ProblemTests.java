package dev.ponder.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import dev.ponder.job.web.Api;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Failures that no controller expects.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = JobSlice.FRESH_DATA)
@Import(ProblemTests.Broken.class)
@ExtendWith(OutputCaptureExtension.class)
class ProblemTests {

  @LocalServerPort int port;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nowhere",
        "/v1",
        "/v1/",
        "/v1/jobs/",
        "/v1/jobs/a/b",
        "/v2/jobs",
        "/error",
        "/actuator",
        "/actuator/env",
        "/actuator/beans",
        "/v1/jobs//answer",
        "/favicon.ico"
      })
  void aPathThatIsNowhereIsNotFound(String path) {
    for (String method : new String[] {"GET", "POST", "DELETE", "PATCH", "FOO"}) {
      var answer = api.method(method, path, BodyPublishers.noBody());

      assertThat(answer.status()).as(method + " " + answer.response().body()).isEqualTo(404);
      assertThat(answer.problem()).isIn("/problems/unknown-path", "/problems/unknown-job");
    }
  }

  @Test
  void aMethodThatAPathLacksIsToldWithThoseThereAre() {
    var jobs = api.method("PUT", "/v1/jobs", BodyPublishers.noBody());
    var job = api.method("POST", "/v1/jobs/x", BodyPublishers.noBody());
    var odd = api.method("FOO", "/v1/jobs/x/cancel", BodyPublishers.noBody());

    assertThat(jobs.status()).isEqualTo(405);
    assertThat(jobs.problem()).isEqualTo("/problems/method-not-allowed");
    assertThat(jobs.header("Allow")).isEqualTo("GET, POST");
    assertThat(job.header("Allow")).isEqualTo("DELETE, GET");
    assertThat(odd.status()).isEqualTo(405);
    assertThat(odd.header("Allow")).isEqualTo("POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/xml", "image/png", "nonsense", "a/b/c", ";;;"})
  void aClientThatAcceptsNoJsonIsToldSoAllTheSame(String accept) {
    var answer = api.get("/v1/jobs", "Accept", accept);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(406);
    assertThat(answer.problem()).isEqualTo("/problems/not-acceptable");
  }

  @Test
  void aProblemIsToldToABrowserToo() {
    var answer = api.get("/v1/jobs/x", "Accept", "text/html,*/*;q=0.8");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.problem()).isEqualTo("/problems/unknown-job");
    assertThat(answer.at("/instance")).isEqualTo("/v1/jobs/x");
  }

  @Test
  void aMistakeOfOursIsLoggedOnceAndTellsNothingOfTheInside(CapturedOutput output) {
    var answer = api.get("/broken");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.problem()).isEqualTo("/problems/internal-error");
    assertThat(answer.response().body()).doesNotContain("secret").doesNotContain("Exception");
    assertThat(output.getAll().split("secret of the inside", -1)).hasSize(2);
  }

  @Test
  void aBusyDatabaseIsNoMistake() {
    var answer = api.get("/busy");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.problem()).isEqualTo("/problems/unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/jobs/<x> HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs?cursor=\"{}| HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs?limit=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs?limit=%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs/%2F HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs/%5c HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs/\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
        "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
        "G\u0001T /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "TRACE /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void aRequestThatIsNoHttpGetsAProblemAndNoPageOfTheContainer(String request) {
    String answer = api.raw(request.replaceFirst("\r\n", "\r\nConnection: close\r\n"));

    assertThat(answer).startsWith("HTTP/1.1 4");
    assertThat(answer).contains("application/problem+json").contains("\"type\":\"/problems/");
    assertThat(answer).doesNotContain("<html").doesNotContain("Jetty").doesNotContain("Server:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"8-i:^QMbR2+", "Ey/v9f\">*C$\\F", ",;q=", "en;q=\"", "\"\\"})
  void aLanguageThatCannotBeReadIsNoReasonToRefuse(String language) {
    var answer = api.get("/v1/jobs", "Accept-Language", language);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aHeaderThatIsTooLongIsRefused() {
    String answer =
        api.raw(
            "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: "
                + "x".repeat(20_000)
                + "\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 4").contains("/problems/");
  }

  @TestConfiguration
  @RestController
  static class Broken {
    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("secret of the inside");
    }

    @GetMapping("/busy")
    String busy() {
      throw new CannotAcquireLockException("secret lock");
    }
  }
}
