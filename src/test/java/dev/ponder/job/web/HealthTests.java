package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.unit.DataSize;

@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {JobSlice.FRESH_DATA, JobSlice.SOME_DISK, "ponder.api-keys=first-key"})
class HealthTests {

  private static final String[] KEY = {"Authorization", "Bearer first-key"};

  @LocalServerPort int port;

  @Test
  void healthTellsOfTheDatabase() {
    var health = new Api(port).get("/actuator/health", KEY);

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.at("/status")).isEqualTo("UP");
    assertThat(health.at("/components/db/status")).isEqualTo("UP");
    assertThat(health.at("/components/diskSpace/details/threshold"))
        .isEqualTo(Long.toString(DataSize.ofMegabytes(64).toBytes()));
  }

  @Test
  void livenessAsksNothingOfTheDatabaseAndReadinessDoes() {
    var liveness = new Api(port).get("/actuator/health/liveness", KEY);
    var readiness = new Api(port).get("/actuator/health/readiness", KEY);

    assertThat(liveness.at("/status")).isEqualTo("UP");
    assertThat(liveness.json().at("/components/db").isMissingNode()).isTrue();
    assertThat(readiness.at("/components/db/status")).isEqualTo("UP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer wrong", "Bearer ", "Basic Zmlyc3Qta2V5"})
  void withoutAKeyHealthIsTheStatusAlone(String authorization) {
    String[] headers =
        authorization.isEmpty() ? new String[0] : new String[] {"Authorization", authorization};

    for (String path : new String[] {"", "/liveness", "/readiness"}) {
      var health = new Api(port).get("/actuator/health" + path, headers);

      assertThat(health.response().body()).isEqualTo("{\"status\":\"UP\"}");
    }
    assertThat(new Api(port).get("/actuator/health/db", headers).status()).isEqualTo(404);
    assertThat(new Api(port).get("/actuator/health/readiness/db", headers).status()).isEqualTo(404);
  }

  @Test
  void thePageThatShowsTheApiIsServed() {
    var page = new Api(port).get("/swagger-ui.html");

    assertThat(page.status()).isEqualTo(302);
    assertThat(new Api(port).get(page.header("Location")).status()).isEqualTo(200);
  }
}
