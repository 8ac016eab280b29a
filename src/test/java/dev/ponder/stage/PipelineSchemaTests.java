package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ponder.yaml.FileMistakes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/// What an editor marks while a file is written is what the loader refuses.
class PipelineSchemaTests {

  private final Pipelines pipelines = new YamlPipelines(new PipelineSettings("stage-configs"));
  private Schema schema;
  private String mini;

  @BeforeEach
  void readFiles() throws Exception {
    schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Path.of("stage-configs/pipeline.schema.json")));
    mini = Files.readString(Path.of("stage-configs/mini.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mini", "qwen3-30b-thinking", "qwen3-30b-thinking-recommended"})
  void acceptsTheShippedFiles(String name) throws Exception {
    String source = Files.readString(Path.of("stage-configs", name + ".yaml"));

    assertThat(source).startsWith("# yaml-language-server: $schema=pipeline.schema.json\n");
    assertThat(errors(source)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "temperature: 0.6|temperature: hot",
        "temperature: 0.6|temperature: '0.6'",
        "temperature: 0.6|temperature:",
        "temperature: 0.6|temperature: -0.1",
        "temperature: 0.7|temperature: 2.01",
        "temperature: 0.6|temprature: 0.6",
        "topP: 0.95|topP: 0",
        "topP: 0.95|topP: 1.1",
        "topK: 20|topK: 20.5",
        "topK: 20|topK: -1",
        "topK: 20|topK: 1000001",
        "minP: 0|minP: 1.5",
        "minP: 0|minP: 0@presencePenalty: 3",
        "minP: 0|minP: 0@repeatPenalty: 0",
        "timeoutSeconds: 1800|timeoutSeconds: 1801",
        "timeoutSeconds: 1800|timeoutSeconds: 9",
        "timeoutSeconds: 1800|# none",
        "maxThinkingTokens: 416|maxThinkingTokens: 15",
        "maxThinkingTokens: 416|maxThinkingTokens: 300000",
        "closing: The|closing: 3 # ",
        "closing: The|closing: \"a\\nb\" # ",
        "description: Five|description: ' ' # ",
        "errorCorrection: true|errorCorrection: 'yes'",
        "errorCorrection: true|error: true",
        "branches: 3|branches: 0",
        "branches: 3|branches: 9",
        "branches: 3|# none",
        "branches: 3|branches: 3@  angles: []",
        "branches: 3|branches: 3@  angles: one",
        "branches: 3|branches: 3@  mode: ''",
        "  synthesis:|  syntesis:",
        "candidate: '|# '",
        "verdict: '|# '",
        "verdict: '|verdikt: '",
        "verdict: '|verdict: 3 # '",
        "system: \"Stage: final|system: [] # ",
        "maxTokens: 512|maxTokens: 8",
        "conclusionTokens: 96|conclusionTokens: 7",
        "answers: notation|answers: fuzzy",
        "answers: notation|answers: Exact",
        "abstains: '|abstains: 3 # '"
      })
  void refusesWhatTheLoaderRefuses(String from, String to) {
    String source = mini.replace(from, to.replace("@", "\n  "));

    assertThatThrownBy(() -> pipelines.parse("changed", source)).isInstanceOf(FileMistakes.class);
    assertThat(errors(source)).isNotEmpty();
  }

  @Test
  void aFileFromBeforeAnswersWereComparedLoads() throws Exception {
    String source = mini.substring(0, mini.indexOf("\nanswers: "));

    Pipeline pipeline = pipelines.parse("mini", source);

    assertThat(errors(source)).isEmpty();
    assertThat(pipeline.answers()).isEqualTo(AnswerComparison.NOTATION);
    assertThat(pipeline.abstains("unknown")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "mini, NOTATION",
    "qwen3-30b-thinking, JUDGED",
    "qwen3-30b-thinking-recommended, JUDGED"
  })
  void thePackedPipelinesSayHowTheyCompare(String name, AnswerComparison answers) {
    assertThat(pipelines.find(name).orElseThrow().answers()).isEqualTo(answers);
    assertThat(pipelines.find(name).orElseThrow().abstains("unknown")).isTrue();
  }

  @Test
  void acceptsTheValuesAtTheEndsOfTheRanges() {
    String source =
        mini.replace("temperature: 0.6", "temperature: 2")
            .replace("temperature: 0.4", "temperature: 0")
            .replace("topP: 0.95", "topP: 1")
            .replace("topK: 20", "topK: 1000000")
            .replace("minP: 0", "minP: 1\n  presencePenalty: -2\n  repeatPenalty: 2.0")
            .replace("timeoutSeconds: 1800", "timeoutSeconds: 10")
            .replace("branches: 3", "branches: 8")
            .replace("maxTokens: 512", "maxTokens: 262144.0");

    Pipeline pipeline = pipelines.parse("changed", source);

    assertThat(pipeline.stage(Stage.SYNTHESIS).maxTokens()).isEqualTo(262_144);
    assertThat(pipeline.sampling().presencePenalty()).isEqualTo(-2);
    assertThat(errors(source)).isEmpty();
  }

  private List<Error> errors(String source) {
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(source);
    return schema.validate(JsonMapper.shared().valueToTree(tree));
  }
}
