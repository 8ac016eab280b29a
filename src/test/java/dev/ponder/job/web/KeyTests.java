package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.job.JobSlice;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {JobSlice.FRESH_DATA, JobSlice.SOME_DISK, "ponder.api-keys=first-key,second-key"})
@ExtendWith(OutputCaptureExtension.class)
class KeyTests {

  @LocalServerPort int port;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer first-key", "Bearer second-key", "bearer first-key"})
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
        "Bearer first-key2",
        "Basic Zmlyc3Qta2V5",
        "first-key",
        "Bearer first-key,second-key"
      })
  void anUnknownKeyIsRefused(String authorization) {
    var answer = api.get("/v1/jobs", "Authorization", authorization);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    assertThat(answer.response().body()).doesNotContain("first-key\"");
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
            "%s /v1/jobs HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nAuthorization: Bearer first-key\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
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
        .contains("Set ponder.api-keys")
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
