package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/// What a page of another site tries on a service that has no keys.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      JobSlice.FRESH_DATA,
      JobSlice.SOME_DISK,
      "ponder.http.hosts=ponder.example.com,proxy.example:8443"
    })
class OriginTests {

  private static final String BODY = "{\"prompt\":\"1 + 1?\"}";

  @LocalServerPort int port;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "127.0.0.1@evil.example",
        "localhost:80@evil.example",
        "evil-localhost",
        "xlocalhost",
        "0.0.0.0",
        "[::]",
        "192.168.0.1",
        "128.0.0.1",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "ponder.example.com.evil.example",
        "1"
      })
  void aNameThatAnotherSiteCanOwnIsNotAnswered(String host) {
    for (String path : new String[] {"/v1/jobs", "/", "/swagger-ui/index.html", "/nothing"}) {
      String answer = get(path, "Host: " + host);

      // What is no host name at all the container refuses by itself.
      assertThat(answer).as(path).matches("(?s)HTTP/1\\.1 40[03] .*");
      assertThat(answer).contains("application/problem+json").doesNotContain("\"items\"");
    }
  }

  @Test
  void whoIsNotAnsweredIsToldWhatToDo() {
    String answer = get("/v1/jobs", "Host: evil.example");

    assertThat(answer)
        .startsWith("HTTP/1.1 403 ")
        .contains("\"/problems/unknown-host\"", "evil.example", "ponder.http.hosts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "localhost.",
        "ponder.localhost:1",
        "127.0.0.1",
        "127.1.2.3:65535",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]",
        "ponder.example.com",
        "Ponder.Example.com:444",
        "proxy.example"
      })
  void namesOfThisMachineAndThoseOfTheSettingsAreAnswered(String host) {
    assertThat(get("/v1/jobs", "Host: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void noOtherPartOfARequestGetsAroundTheName() {
    assertThat(get("/v1/jobs", "Host: evil.example\r\nX-Forwarded-Host: localhost"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(get("/v1/jobs", "Host: evil.example\r\nForwarded: host=localhost"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(get("/v1/jobs", "Host: localhost\r\nHost: evil.example"))
        .matches("(?s)HTTP/1\\.1 40[03] .*");
    assertThat(get("http://evil.example/v1/jobs", "Host: localhost"))
        .matches("(?s)HTTP/1\\.1 40[03] .*");
    assertThat(get("http://localhost/v1/jobs", "Host: evil.example"))
        .matches("(?s)HTTP/1\\.1 40[03] .*");
    assertThat(get("http://localhost/v1/jobs", "Host: localhost")).startsWith("HTTP/1.1 200 ");
    assertThat(get("http://evil.example/v1/jobs", "Host: evil.example"))
        .startsWith("HTTP/1.1 403 ");
  }

  /// Browsers always name it, and some probes of load balancers never do.
  @Test
  void anOldRequestWithoutAHostIsNoAttack() {
    assertThat(api.raw("GET /v1/jobs HTTP/1.0\r\n\r\n")).matches("(?s)HTTP/1\\.[01] 200 .*");
    assertThat(api.raw("GET http://evil.example/v1/jobs HTTP/1.0\r\n\r\n"))
        .matches("(?s)HTTP/1\\.[01] 40[03] .*");
  }

  @Test
  void whatAProxyAddsIsNotBelieved() {
    String answer = get("/swagger-ui.html", "Host: localhost\r\nX-Forwarded-Host: evil.example");

    assertThat(answer).startsWith("HTTP/1.1 302 ").doesNotContain("evil.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Origin: http://localhost",
        "Origin: http://127.0.0.1:8080",
        "Origin: http://localhost.evil.example:8080",
        "Origin: http://localhost:8080@evil.example",
        "Origin: chrome-extension://abcdefgh",
        "Origin: file://",
        "Origin: http://localhost:8080\r\nOrigin: https://evil.example",
        "Origin:",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: CROSS-SITE",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        "Origin: http://localhost:8080\r\nSec-Fetch-Site: cross-site",
        "Origin: https://evil.example\r\nSec-Fetch-Site: same-origin",
        "Origin: https://ponder.example.com:9999",
        "Origin: https://proxy.example"
      })
  void aPageOfAnotherSiteChangesNothing(String headers) {
    String job = api.submitted("1 + 1?");

    for (String type : new String[] {"application/json", "text/plain"}) {
      assertThat(send("POST /v1/jobs", headers + "\r\nContent-Type: " + type, BODY))
          .startsWith("HTTP/1.1 403 ")
          .contains("application/problem+json", "/problems/cross-site");
    }
    for (String change :
        new String[] {
          "POST /v1/jobs/" + job + "/cancel",
          "DELETE /v1/jobs/" + job,
          "PUT /v1/jobs/" + job,
          "FOO /v1/jobs/" + job,
          "POST /nothing"
        }) {
      assertThat(send(change, headers, "")).as(change).startsWith("HTTP/1.1 403 ");
    }
    assertThat(api.get("/v1/jobs/" + job).at("/status")).isEqualTo("queued");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: no browser",
        "Origin: http://localhost:8080",
        "Origin: https://localhost:8080",
        "Origin: http://LOCALHOST:8080\r\nSec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none",
        "Origin: https://ponder.example.com",
        "Origin: https://proxy.example:8443\r\nSec-Fetch-Site: same-origin"
      })
  void theServicesOwnPagesAndProgramsDo(String headers) {
    assertThat(send("POST /v1/jobs", headers + "\r\nContent-Type: application/json", BODY))
        .startsWith("HTTP/1.1 202 ");
  }

  @Test
  void noOtherSiteIsAllowedToReadAnAnswer() {
    String foreign = "Host: localhost:8080\r\nOrigin: https://evil.example";

    for (String answer :
        new String[] {
          get("/v1/jobs", foreign),
          get("/swagger-ui/index.html", foreign),
          get("/v3/api-docs", foreign),
          get("/actuator/health", foreign),
          options("/v1/jobs", foreign + "\r\nAccess-Control-Request-Method: POST"),
          options("/actuator/health", foreign + "\r\nAccess-Control-Request-Method: GET"),
          options("/v1/jobs", foreign)
        }) {
      assertThat(answer.toLowerCase()).doesNotContain("access-control-allow");
      assertThat(answer).contains("Cross-Origin-Resource-Policy: same-origin");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/jobs, 200",
    "GET, /v1/jobs/x, 404",
    "PUT, /v1/jobs, 405",
    "POST, /v1/jobs, 415",
    "GET, /nothing, 404",
    "GET, /swagger-ui/nothing.js, 404",
    "GET, /actuator/health, 200",
    "GET, /actuator/health/liveness, 200",
    "GET, /actuator/prometheus, 200",
    "GET, /v3/api-docs, 200",
    "GET, /swagger-ui.html, 302",
    "GET, /swagger-ui/index.html, 200",
    "GET, /v1/jobs/%2F, 400"
  })
  void everyAnswerSaysWhatABrowserMayDoWithIt(String method, String path, int status) {
    String answer = send(method + " " + path, "X: y", "");

    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .contains("X-Content-Type-Options: nosniff")
        .contains("X-Frame-Options: DENY")
        .contains("Referrer-Policy: same-origin")
        .contains("Cross-Origin-Resource-Policy: same-origin")
        .contains("Content-Security-Policy: default-src 'none'; ")
        .contains("frame-ancestors 'none'");
    if (!path.startsWith("/swagger-ui/")) {
      assertThat(answer).contains("Cache-Control: no-store").doesNotContain("script-src");
    }
  }

  @Test
  void aJobThatMayNotBeKeptCanStillBeAskedForItsChanges() {
    String job = "/v1/jobs/" + api.submitted("1 + 1?");
    var first = api.get(job);

    var again = api.get(job, "If-None-Match", first.header("ETag"));

    assertThat(first.header("Cache-Control")).isEqualTo("no-store");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.header("Cache-Control")).isEqualTo("no-store");
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
  }

  /// Anybody on this machine can ask a service without keys, so nobody is told more.
  @Test
  void healthTellsNobodyDetailsWhereThereAreNoKeys() {
    assertThat(api.get("/actuator/health").response().body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(api.get("/actuator/health", "Authorization", "Bearer x").response().body())
        .isEqualTo("{\"status\":\"UP\"}");
    assertThat(api.get("/actuator/health/db").status()).isEqualTo(404);
  }

  private String get(String path, String headers) {
    return api.raw("GET " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
  }

  private String options(String path, String headers) {
    return api.raw("OPTIONS " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
  }

  private String send(String line, String headers, String body) {
    return api.raw(
        "%s HTTP/1.1\r\nHost: localhost:8080\r\n%s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(line, headers, body.length(), body));
  }
}
