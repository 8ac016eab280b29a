package dev.ponder.model.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ponder.Documentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/// The table in the documentation and the schema for editors say what the program does.
class ProfileDocumentationTests {

  private static final Path DOCUMENT = Path.of("docs/model-profiles.md");
  private static final Path SCHEMA = Path.of("model-profiles/profile.schema.json");
  private static final String BEGIN = "<!-- made from models/parameters.yaml: begin -->\n";
  private static final String END = "<!-- end -->\n";

  private final Profiles profiles = new Profiles(new ProfileSettings("model-profiles"));

  @Test
  void theTableSaysForEachParameterWhatCarriesIt() throws IOException {
    Documentation.says(DOCUMENT, BEGIN, END, table());
  }

  @Test
  void theSchemaForEditorsKnowsEveryKey() throws IOException {
    String schema =
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(schema())
            + "\n";

    Documentation.says(SCHEMA, schema);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mini", "qwen3-1.7b", "qwen3-8b", "qwen3-30b", "qwen3-30b-thinking"})
  void theSchemaAcceptsTheShippedFiles(String name) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JsonMapper.shared().writeValueAsString(schema()));
    String source = Files.readString(Path.of("model-profiles", name + ".yaml"));

    Object tree = new Load(LoadSettings.builder().build()).loadFromString(source);

    assertThat(source).startsWith("# yaml-language-server: $schema=profile.schema.json\n");
    assertThat(schema.validate(JsonMapper.shared().valueToTree(tree))).isEmpty();
  }

  @Test
  void everyParameterIsStatedBySomeProfileOrMeantForOwnOnes() {
    Set<String> ownOnes = Set.of("minP", "maxNewTokens", "draftModel");
    List<String> unused = new ArrayList<>(Parameters.all().names());
    for (Profile profile : profiles.all()) {
      unused.removeAll(profile.parameters().keySet());
      profile.modes().values().forEach(mode -> unused.removeAll(mode.parameters().keySet()));
    }

    assertThat(ownOnes).containsAll(unused);
  }

  private String table() {
    StringBuilder table =
        new StringBuilder(
            "| parameter | values | meaning | llama-server | jllama | openai | profiles |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (Parameter parameter : Parameters.all().values()) {
      ParameterMapping server = parameter.on(Parameter.LLAMA_SERVER);
      table.append(
          "| `%s` | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  parameter.name(),
                  parameter.type().words(),
                  parameter.meaning(),
                  server.words(),
                  server instanceof ParameterMapping.ByPonder
                      ? "the same"
                      : parameter.on(Parameter.JLLAMA).words(),
                  server instanceof ParameterMapping.ByPonder
                      ? "the same"
                      : parameter.on(Parameter.OPENAI).words(),
                  values(parameter.name())));
    }
    return table.toString();
  }

  private String values(String parameter) {
    List<String> values = new ArrayList<>();
    for (Profile profile : profiles.all()) {
      Object base = profile.parameters().get(parameter);
      if (base != null) {
        values.add(profile.name() + ": " + shown(base));
      }
      for (Profile mode : profile.modes().values()) {
        Object value = mode.parameters().get(parameter);
        if (value != null && !value.equals(base)) {
          values.add(mode.name() + ": " + shown(value));
        }
      }
    }
    return values.isEmpty() ? "–" : String.join("; ", values);
  }

  private static String shown(Object value) {
    return value instanceof Boolean flag ? (flag ? "on" : "off") : String.valueOf(value);
  }

  private static Map<String, Object> schema() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Parameter parameter : Parameters.all().values()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("description", parameter.meaning());
      one.putAll(parameter.type().schema());
      parameters.put(parameter.name(), one);
    }
    Map<String, Object> targets = new LinkedHashMap<>();
    for (Target target : Target.values()) {
      targets.put(
          target.key(),
          mapped(
              "description",
              target.meaning(),
              "type",
              "number",
              "minimum",
              0,
              "maximum",
              Double.parseDouble(target.max())));
    }
    Map<String, Object> overlay = new LinkedHashMap<>();
    overlay.put("description", mapped("type", "string", "minLength", 1, "maxLength", 500));
    overlay.put("parameters", object(parameters));
    overlay.put(
        "optional",
        mapped(
            "description",
            "What it goes without where an engine cannot do it.",
            "type",
            "array",
            "items",
            mapped("enum", List.copyOf(parameters.keySet()))));
    overlay.put("targets", object(targets));
    Map<String, Object> mode = object(overlay);
    mode.put("required", List.of("description", "parameters"));
    Map<String, Object> keys = new LinkedHashMap<>(overlay);
    keys.put("aim", mapped("type", "string", "minLength", 1, "maxLength", 100));
    keys.put("aliases", mapped("type", "array", "items", mapped("type", "string")));
    keys.put("fallback", mapped("type", "array", "items", mapped("type", "string")));
    keys.put(
        "thinkTags",
        mapped(
            "description",
            "The tags between which it thinks, its own first, such as [THINK]...[/THINK].",
            "type",
            "array",
            "items",
            mapped("type", "string")));
    keys.put("pipeline", mapped("type", "string"));
    keys.put("engine", mapped("enum", Parameter.ENGINES));
    keys.put("architecture", mapped("type", "string"));
    keys.put("source", source());
    keys.put("modes", mapped("type", "object", "additionalProperties", mode));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "A model profile of Ponder");
    schema.putAll(object(keys));
    schema.put("required", List.of("description", "aim", "pipeline", "engine", "parameters"));
    return schema;
  }

  private static Map<String, Object> source() {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (String key : SourceReader.KEYS) {
      keys.put(key, mapped("type", key.equals("embedded") ? "boolean" : "string"));
    }
    return object(keys);
  }

  private static Map<String, Object> object(Map<String, Object> properties) {
    return mapped("type", "object", "additionalProperties", false, "properties", properties);
  }

  private static Map<String, Object> mapped(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    List<Object> all = Arrays.asList(keysAndValues);
    for (int i = 0; i < all.size(); i += 2) {
      map.put(String.valueOf(all.get(i)), all.get(i + 1));
    }
    return map;
  }
}
