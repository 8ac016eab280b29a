package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ponder.stage.CompressionTemplate.Facts;
import dev.ponder.yaml.FileMistakes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/// The section of a pipeline file that says how thoughts are compressed.
class CompressionSectionTests {

  private final Pipelines pipelines = new YamlPipelines(new PipelineSettings("stage-configs"));
  private String mini;

  @BeforeEach
  void readMini() throws Exception {
    mini = Files.readString(Path.of("stage-configs/mini.yaml"));
  }

  @Test
  void theEmbeddedModelIsAskedInTheWordsItKnows() {
    CompressionConfig compression = pipelines.find("mini").orElseThrow().compression();

    Prompt prompt = compression.template().render(new Facts("5 * 2 = 10\n", "10", "missing: 10"));

    assertThat(prompt)
        .isEqualTo(new Prompt("Stage: compression. Keep only the key results.", "5 * 2 = 10"));
    assertThat(compression.read("Key: 5 * 2 = 10.")).contains("Key: 5 * 2 = 10.");
    assertThat(compression.read("I do not know.")).isEmpty();
    assertThat(compression.statements("Step by step.\n5 * 2 = 10")).containsExactly("5 * 2 = 10");
    assertThat(compression.betweenStages()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3-30b-thinking", "qwen3-30b-thinking-recommended"})
  void aSecondTryIsToldWhatWasMissing(String name) {
    CompressionConfig compression = pipelines.find(name).orElseThrow().compression();

    Prompt first = compression.template().render(new Facts("the notes", "so 13", null));
    Prompt second =
        compression.template().render(new Facts("the notes", "so 13", "missing: 13 coins"));

    assertThat(first.user())
        .contains("# Notes\nthe notes", "so 13")
        .doesNotContain("earlier summary", "{{", "\n\n\n");
    assertThat(second.user()).contains("earlier summary", "\nmissing: 13 coins\n");
    assertThat(compression.statements("Hm.\n- **Therefore** x is 5.\nso 3 = 3\nIs it so?"))
        .containsExactly("Therefore** x is 5.", "so 3 = 3");
    assertThat(compression.read(" results\nopen questions ")).contains("results\nopen questions");
  }

  @Test
  void aFileFromBeforeThereWasOneStillLoads() {
    String before = mini.substring(0, mini.indexOf("\ncompression:"));

    assertThat(pipelines.parse("old", before).compression()).isNull();
    assertThat(isInTheSchema(before)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "temperature: 0.5@  maxTokens: 256|temperature: 3@  maxTokens: 256|compression.temperature: found '3', accepted: a number from 0 to 2",
        "maxTokens: 256|maxTokens: 8|compression.maxTokens: found '8', accepted: a whole number from 16 to 262144",
        "  user: \"{{thought}}\"@|@|compression.user: found nothing, accepted: text of 1 to 20000 characters",
        "conclusionTokens: 192|conclusionTokens: 192@  betweenStages: often|compression.betweenStages: found 'often', accepted: true or false",
        "insights: '^(Key: *.+)$'|insight: '^(Key: *.+)$'|compression.reads.insight: found 'insight', which is no pattern here (nearest: insights), accepted: insights"
      })
  void mistakesAreToldAndTheSchemaRefusesThem(String from, String to, String message) {
    int section = mini.indexOf("\ncompression:");
    String changed =
        mini.substring(0, section)
            + mini.substring(section).replace(from.replace("@", "\n"), to.replace("@", "\n"));

    assertThat(message(changed)).contains(message);
    assertThat(isInTheSchema(changed)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "conclusionTokens: 192|conclusionTokens: 256|compression.conclusionTokens: found 256, accepted: less than maxTokens, which is 256",
        "\"{{thought}}\"|\"{{prompt}}\"|compression.user: found {{prompt}}, which no template knows (nearest: thought), accepted: thought, conclusion, missing",
        "\"{{thought}}\"|\"Shorten it.\"|compression.user: found a prompt without the thought, accepted: a template with {{thought}}",
        "'^(?!Step by step)(.+)$'|'^.+$'|compression.keeps: found '^.+$' with 0 groups, accepted: a regular expression with exactly one group"
      })
  void mistakesThatOnlyTheLoaderSeesAreTold(String from, String to, String message) {
    assertThat(message(mini.replace(from, to))).contains(message);
  }

  private String message(String source) {
    return catchThrowableOfType(FileMistakes.class, () -> pipelines.parse("mini", source))
        .getMessage();
  }

  private static boolean isInTheSchema(String source) {
    try {
      var schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(Files.readString(Path.of("stage-configs/pipeline.schema.json")));
      Object tree = new Load(LoadSettings.builder().build()).loadFromString(source);
      return schema.validate(JsonMapper.shared().valueToTree(tree)).isEmpty();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
