package dev.ponder.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobStatus;
import dev.ponder.job.web.Api;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.ScriptedService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the whole service says of itself.
class ApiDescriptionTests {

  @TempDir static Path data;
  static ScriptedService service;
  static JsonNode description;

  @BeforeAll
  static void read() {
    service = new ScriptedService(data, new ScriptedEngine("scripted"));
    description = new Api(service.port()).get("/v3/api-docs").json();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void everyOperationOfTheDesignIsDescribedInOpenApi31() {
    assertThat(description.get("openapi").asString()).startsWith("3.1");
    assertThat(description.get("paths").propertyNames())
        .contains(
            "/v1/jobs",
            "/v1/jobs/{id}",
            "/v1/jobs/{id}/answer",
            "/v1/jobs/{id}/cancel",
            "/v1/jobs/{id}/resume",
            "/v1/jobs/{id}/restore",
            "/v1/jobs/{id}/thoughts",
            "/v1/jobs/{id}/thoughts/{thought}",
            "/v1/jobs/{id}/checkpoints",
            "/v1/jobs/{id}/prompts",
            "/v1/models",
            "/v1/pipelines");
  }

  @Test
  void everyBodyHasAnExampleThatFollowsItsSchema() {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var without = new ArrayList<String>();
    var wrong = new ArrayList<String>();

    bodies(
        (where, media) -> {
          List<JsonNode> examples = examples(media);
          if (examples.isEmpty()) {
            without.add(where);
          }
          ObjectNode schema = ((ObjectNode) media.get("schema")).deepCopy();
          schema.set("components", description.get("components"));
          for (JsonNode example : examples) {
            var faults = registry.getSchema(schema).validate(example.toString(), InputFormat.JSON);
            if (!faults.isEmpty()) {
              wrong.add(where + ": " + faults);
            }
          }
        });

    assertThat(without).isEmpty();
    assertThat(wrong).isEmpty();
  }

  @Test
  void theStatusesAndStagesAreThoseThereAre() {
    var job = description.at("/components/schemas/Job/properties");

    assertThat(words(job.at("/status/enum")))
        .isEqualTo(Arrays.stream(JobStatus.values()).map(JobStatus::key).toList());
    assertThat(words(description.at("/components/schemas/StageProgress/properties/name/enum")))
        .isEqualTo(Arrays.stream(Stage.values()).map(Stage::key).toList());
    assertThat(words(description.at("/components/schemas/Resume/properties/stage/enum")))
        .isEqualTo(Arrays.stream(Stage.values()).map(Stage::key).toList());
  }

  @Test
  void everyOperationTellsOfTheProblemsThatHappenAnywhere() {
    description
        .get("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) ->
                        assertThat(operation.get("responses").propertyNames())
                            .as(method + " " + path)
                            .contains("400", "401", "405", "406", "413", "500", "503")));
  }

  @Test
  void everyObjectIsClosed() {
    description
        .at("/components/schemas")
        .forEachEntry(
            (name, schema) -> assertThat(schema.has("additionalProperties")).as(name).isTrue());
  }

  private static void bodies(BiConsumer<String, JsonNode> each) {
    description
        .get("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) -> {
                      String where = method + " " + path;
                      operation
                          .at("/requestBody/content")
                          .forEachEntry((type, media) -> each.accept(where + " request", media));
                      operation
                          .get("responses")
                          .forEachEntry(
                              (status, response) ->
                                  response
                                      .path("content")
                                      .forEachEntry(
                                          (type, media) ->
                                              each.accept(where + " " + status, media)));
                    }));
  }

  private static List<JsonNode> examples(JsonNode media) {
    var examples = new ArrayList<JsonNode>();
    media.path("examples").values().forEach(example -> examples.add(example.get("value")));
    if (media.has("example")) {
      examples.add(media.get("example"));
    }
    return examples;
  }

  private static List<String> words(JsonNode array) {
    return array.values().stream().filter(JsonNode::isString).map(JsonNode::asString).toList();
  }
}
