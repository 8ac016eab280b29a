package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = JobSlice.FRESH_DATA)
class ApiDescriptionTests {

  @LocalServerPort int port;
  Api api;
  JsonNode description;

  @BeforeEach
  void read() throws Exception {
    api = new Api(port);
    description = api.get("/v3/api-docs").json();
    Files.writeString(Path.of("/tmp/webx/api.json"), description.toPrettyString());
  }

  @Test
  void theDescriptionIsOpenApi31() {
    assertThat(description.get("openapi").asString()).startsWith("3.1");
    assertThat(description.get("paths").propertyNames())
        .containsExactlyInAnyOrder(
            "/v1/jobs",
            "/v1/jobs/{id}",
            "/v1/jobs/{id}/answer",
            "/v1/jobs/{id}/cancel",
            "/v1/jobs/{id}/resume");
  }
}
