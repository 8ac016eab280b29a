package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.cli.output.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A shell, and a service that says what a test has it say.
public abstract class CommandLine {

  static final String RUNNING =
      """
      {"id":"j1","status":"running","deadline":"2999-01-01T00:00:00Z",
       "progress":{"percent":20,"tokens":5,"tokensPerSecond":40},
       "stages":[{"name":"initial_analysis","status":"running","tokens":5,"budget":50,
                  "branches":[{"number":1,"status":"running","tokens":5}]}]}
      """;

  static final String COMPLETED =
      """
      {"id":"j1","status":"completed","stage":"final_output","model":"mini","pipeline":"mini",
       "createdAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:12Z",
       "progress":{"percent":100,"tokens":1234},
       "stages":[{"name":"initial_analysis","status":"completed","tokens":50,"budget":50,
                  "branches":[{"number":1,"status":"completed","tokens":50,"forcedClose":true}]}],
       "answer":{"text":"13","confidence":0.93,"completeness":"full",
                 "restsOn":["3 of 3 branches agree"]}}
      """;

  static final String BRANCHES_RUNNING =
      """
      {"id":"j1","status":"running","model":"mini","deadline":"2999-01-01T00:00:00Z",
       "stages":[{"name":"deep_exploration","status":"running","tokens":15,"budget":50,"branches":[
         {"number":1,"status":"completed","tokens":10,"tokensPerSecond":50.0},
         {"number":2,"status":"running","tokens":5,"tokensPerSecond":60.0}]}]}
      """;

  static final String BRANCHES_DONE =
      """
      {"id":"j1","status":"completed","model":"mini","progress":{"percent":100,"tokens":30},
       "stages":[{"name":"deep_exploration","status":"completed","tokens":30,"budget":50,"branches":[
         {"number":1,"status":"completed","tokens":10,"tokensPerSecond":50.0},
         {"number":2,"status":"completed","tokens":20,"tokensPerSecond":70.0,"forcedClose":true}]}],
       "answer":{"text":"13","confidence":0.93,"completeness":"full"}}
      """;

  public @TempDir Path data;
  public final FakeService service = new FakeService();
  public final Shell shell = new Shell();

  @BeforeEach
  void namesTheService() {
    shell.environment.put("PONDER_SERVER", service.url());
  }

  @AfterEach
  void stopsTheService() {
    service.close();
  }

  static JsonNode read(String text) {
    JsonNode json = Json.read(text);
    assertThat(json).isNotNull();
    return json;
  }
}
