package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ponder.job.JobSlice;
import dev.ponder.job.TestTime;
import dev.ponder.web.SecondDoor;
import dev.ponder.web.security.OpenWithoutKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      JobSlice.FRESH_DATA,
      JobSlice.SOME_DISK,
      "ponder.api-keys=" + KeyTests.FIRST + "," + KeyTests.SECOND
    })
@ExtendWith(OutputCaptureExtension.class)
class KeyTests {

  static final String FIRST = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final BodyPublisher NOTHING = BodyPublishers.noBody();
  static final String SECOND = "Q0dYMnB5c2VjcmV0a2V5Zm9ydGVzdHM";

  @LocalServerPort int port;
  @Autowired TestTime time;
  @Autowired MeterRegistry meters;
  @Autowired JdbcClient jdbc;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer " + FIRST, "Bearer " + SECOND, "bearer " + FIRST})
  void aKnownKeyIsLetIn(String authorization) {
    var answer = api.get("/v1/jobs", "Authorization", authorization);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aRequestWithoutAKeyIsToldHowToShowOne() {
    var answer = api.get("/v1/jobs");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.problem()).isEqualTo("/problems/unauthorized");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"ponder\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer ",
        "Bearer " + FIRST + "2",
        "Basic Zmlyc3Qta2V5",
        FIRST,
        "Bearer " + FIRST + "," + SECOND
      })
  void anUnknownKeyIsRefused(String authorization) {
    var answer = api.get("/v1/jobs", "Authorization", authorization);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    assertThat(answer.response().body()).doesNotContain(FIRST);
  }

  @Test
  void manyWrongKeysAreCountedLoggedAndSlowedAndKeepNobodyOut(CapturedOutput output) {
    time.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 10; i++) {
      assertThat(api.get("/v1/jobs", "Authorization", "Bearer guess-" + i).status()).isEqualTo(401);
    }

    var slowed = api.get("/v1/jobs", "Authorization", "Bearer guess-10");

    assertThat(slowed.status()).isEqualTo(429);
    assertThat(slowed.problem()).isEqualTo("/problems/too-many-wrong-keys");
    assertThat(Integer.parseInt(slowed.header("Retry-After"))).isBetween(1, 60);
    assertThat(api.get("/v1/jobs", "Authorization", "Bearer " + FIRST).status()).isEqualTo(200);
    assertThat(api.get("/actuator/health", "Authorization", "Bearer guess-11").status())
        .isEqualTo(200);
    assertThat(meters.get("ponder.keys.refused").tag("reason", "unknown").counter().count())
        .isGreaterThanOrEqualTo(12);
    assertThat(output.getAll()).contains("came from 127.0.0.1, number 11").doesNotContain("guess-");

    time.advance(Duration.ofMinutes(1));
    assertThat(api.get("/v1/jobs", "Authorization", "Bearer guess").status()).isEqualTo(401);
    time.advance(Duration.ofMinutes(1));
  }

  @Test
  void everyChangeIsALineOfTheAuditLogAndNoContentIs(CapturedOutput output)
      throws InterruptedException {
    var lines = new ListAppender<ILoggingEvent>();
    var audit = (Logger) LoggerFactory.getLogger("ponder.audit");
    lines.start();
    audit.addAppender(lines);
    try {
      String key = "Bearer " + FIRST;
      String job = api.submit(Api.prompt("never-in-a-log"), "Authorization", key).at("/id");
      api.get("/v1/jobs/" + job, "Authorization", key);
      for (String action : List.of("cancel", "resume", "restore")) {
        api.method("POST", "/v1/jobs/" + job + "/" + action, NOTHING, "Authorization", key);
      }
      api.method("DELETE", "/v1/jobs/" + job, NOTHING, "Authorization", key);
      api.method("DELETE", "/v1/jobs/never-in-a-log", NOTHING, "Authorization", key);
      api.method("POST", "/never-in-a-log", NOTHING, "Authorization", key);
      api.submit("{\"never-in-a-log\":", "Authorization", key);
      api.submit(Api.prompt("never-in-a-log"), "Authorization", "Bearer never-in-a-log");

      // A line is written when its answer is on its way, so it may be read before the line is.
      assertThat(lines(lines, 8))
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).contains("submitJob", "setting-", job, "done", "202"),
              line -> assertThat(line).contains("cancelJob", job, "127.0.0.1", "done", "200"),
              line -> assertThat(line).contains("resumeJob", job, "refused", "409"),
              line -> assertThat(line).contains("restoreJob", job, "done", "200"),
              line -> assertThat(line).contains("deleteJob", job, "done", "204"),
              line -> assertThat(line).contains("deleteJob", "refused", "404"),
              line -> assertThat(line).contains("submitJob", "refused", "400"),
              line -> assertThat(line).contains("useKey", "\"key\":\"-\"", "refused", "401"));
      assertThat(lines.list.toString()).doesNotContain("never-in-a-log", FIRST);
      assertThat(output.getAll()).doesNotContain("never-in-a-log", FIRST);
    } finally {
      audit.detachAppender(lines);
    }
  }

  private static List<String> lines(ListAppender<ILoggingEvent> lines, int count)
      throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      List<String> now = List.copyOf(lines.list).stream().map(Object::toString).toList();
      if (now.size() >= count) {
        return now;
      }
      Thread.sleep(20);
    }
    return List.copyOf(lines.list).stream().map(Object::toString).toList();
  }

  @Test
  void aJobRemembersTheNameOfItsKey() {
    String job = api.submit(Api.prompt("Why?"), "Authorization", "Bearer " + FIRST).at("/id");

    String name =
        jdbc.sql("select created_by from job where id = ?")
            .param(java.util.UUID.fromString(job))
            .query(String.class)
            .single();

    assertThat(name).startsWith("setting-").doesNotContain(FIRST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%761/jobs",
        "/v1;a=b/jobs",
        "//v1/jobs",
        "/actuator/health/../../v1/jobs",
        "/swagger-ui/..;/v1/jobs",
        "/v1/models",
        "/actuator/metrics",
        "/actuator/prometheus"
      })
  void noWayLeadsAroundTheKey(String path) {
    String answer = api.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(answer).matches("(?s)HTTP/1\\.1 (401|400|404) .*");
    assertThat(answer).doesNotContain("\"items\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/v3/api-docs",
        "/swagger-ui/index.html"
      })
  void healthAndDescriptionStayOpen(String path) {
    assertThat(api.get(path).status()).isEqualTo(200);
  }

  /// Behind a proxy that ends TLS, say. Whoever knows the key is not led here by a foreign name.
  @ParameterizedTest
  @CsvSource({
    "GET, ponder.example.com, https://evil.example, 200",
    "POST, ponder.example.com, https://ponder.example.com, 202",
    "POST, ponder.example.com:8443, https://ponder.example.com:8443, 202",
    "POST, ponder.example.com, https://evil.example, 403",
    "POST, ponder.example.com, null, 403"
  })
  void withAKeyAnyNameDoesAndAPageOfAnotherSiteStillChangesNothing(
      String method, String host, String origin, int status) {
    String body = method.equals("GET") ? "" : "{\"prompt\":\"1 + 1?\"}";

    String answer =
        api.raw(
            "%s /v1/jobs HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nAuthorization: Bearer 0f1e2d3c4b5a69788796a5b4c3d2e1f0\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(method, host, origin, body.length(), body));

    assertThat(answer).startsWith("HTTP/1.1 " + status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", ""})
  void theServiceDoesNotOpenItselfToOthersWithoutAKey(String address, CapturedOutput output) {
    var application = new SpringApplication(JobSlice.class);

    assertThatThrownBy(
            () ->
                application.run(
                    "--server.port=0",
                    "--server.address=" + address,
                    "--ponder.data=./target/test-data/open"))
        .isInstanceOf(OpenWithoutKey.class);

    assertThat(output.getAll())
        .contains("Ponder did not start.")
        .contains("no API key is configured")
        .contains("./ponder keys create NAME")
        .doesNotContain("\tat dev.ponder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--management.server.port=0",
        "--management.server.port=8081",
        "--management.server.address=127.0.0.1",
        "--spring.datasource.url=jdbc:h2:./target/test-data/door;auto_server=true",
        "--com.sun.management.jmxremote.port=9010 --com.sun.management.jmxremote.authenticate=false"
      })
  void noSettingOpensASecondPortWithoutAKey(String settings, CapturedOutput output) {
    var application = new SpringApplication(JobSlice.class);
    var arguments =
        Stream.concat(
            Stream.of("--server.port=0", "--ponder.data=./target/test-data/door"),
            Stream.of(settings.split(" ")));

    assertThatThrownBy(() -> application.run(arguments.toArray(String[]::new)))
        .isInstanceOf(SecondDoor.class);

    assertThat(output.getAll())
        .contains("Ponder did not start.")
        .contains("would open a second port")
        .doesNotContain("\tat dev.ponder");
  }
}
