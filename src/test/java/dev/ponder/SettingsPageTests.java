package dev.ponder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docs/settings.md` says what the program reads. Its tables are made from the metadata that the
/// build makes of the settings records, and from the documentation of these records; they are
/// written anew by this test when it runs with `-Dponder.write-documentation=true`. What stands
/// around them is written by hand.
class SettingsPageTests {

  private static final Path PAGE = Path.of("docs/settings.md");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final String MODELS = "ponder.models";
  private static final String HEAD = "| setting | default | meaning |\n| --- | --- | --- |\n";

  private final JsonNode metadata = ours();

  @Test
  void thePageListsEverySettingThatIsRead() throws Exception {
    Documentation.says(
        PAGE, "<!-- made from the settings records: begin -->\n", "<!-- end -->", sections());
  }

  @Test
  void everySettingSaysWhatItIsFor() {
    assertThat(properties())
        .allSatisfy(
            each -> assertThat(text(each, "description")).as(text(each, "name")).isNotBlank());
  }

  /// Settings of Spring Boot that the page recommends. What it names and nobody reads would be
  /// taken without a word.
  @Test
  void theSettingsOfSpringBootThatItNamesExist() throws IOException {
    var known = new TreeSet<String>();
    for (var files = getClass().getClassLoader().getResources(METADATA);
        files.hasMoreElements(); ) {
      try (InputStream file = files.nextElement().openStream()) {
        JsonMapper.shared()
            .readTree(file)
            .get("properties")
            .values()
            .forEach(each -> known.add(text(each, "name")));
      }
    }
    Matcher names =
        Pattern.compile("`((?:server|spring|management)\\.[a-z.-]+)")
            .matcher(Files.readString(PAGE));

    assertThat(names.results().map(name -> name.group(1)).toList()).isNotEmpty().isSubsetOf(known);
  }

  /// A name such as `ponder.jobs.waiting-max` in a document is a setting or a meter of today.
  @Test
  void noDocumentNamesASettingOfYesterday() throws IOException {
    var known = new TreeSet<String>();
    properties().forEach(each -> known.add(text(each, "name")));
    metadata.get("groups").values().forEach(each -> known.add(text(each, "name")));
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      for (Path source : sources.filter(each -> each.toString().endsWith(".java")).toList()) {
        Pattern.compile("\"(ponder\\.[a-z.-]+)\"")
            .matcher(Files.readString(source))
            .results()
            .forEach(meter -> known.add(meter.group(1)));
      }
    }
    var unknown = new ArrayList<String>();
    try (Stream<Path> documents =
        Stream.of(Path.of("."), Path.of("docs"), Path.of("deploy"), Path.of("bench"))
            .flatMap(SettingsPageTests::list)) {
      for (Path document : documents.filter(SettingsPageTests::saysWhatIs).toList()) {
        Pattern.compile("`(ponder\\.[a-z-]+(?:\\.[a-z-]+)*)[`=]")
            .matcher(Files.readString(document))
            .results()
            .map(name -> name.group(1))
            .filter(name -> !known.contains(name) && !name.startsWith(MODELS + "."))
            .forEach(name -> unknown.add(document + ": " + name));
      }
    }

    assertThat(unknown).isEmpty();
  }

  /// The change log tells of yesterday too.
  private static boolean saysWhatIs(Path file) {
    return file.toString().endsWith(".md") && !file.endsWith("CHANGELOG.md");
  }

  private static Stream<Path> list(Path folder) {
    try {
      return Files.list(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode ours() {
    try {
      return JsonMapper.shared().readTree(Files.readString(Path.of("target/classes", METADATA)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> properties() {
    return List.copyOf(metadata.get("properties").values());
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  /// One section for each group of settings that belong together, the most general first.
  private String sections() throws Exception {
    Map<String, String> records = new TreeMap<>();
    metadata.get("groups").values().forEach(g -> records.put(text(g, "name"), text(g, "type")));
    Map<String, List<JsonNode>> groups = new TreeMap<>();
    for (JsonNode property : properties()) {
      String name = text(property, "name");
      String group = name.substring(0, name.lastIndexOf('.'));
      groups.computeIfAbsent(group, any -> new ArrayList<>()).add(property);
    }
    var text = new StringBuilder();
    for (var group : groups.entrySet()) {
      String name = group.getKey();
      boolean many = name.equals("ponder");
      text.append("\n## `%s`\n\n".formatted(many ? "ponder" : name + ".*"));
      if (!many) {
        text.append(Documented.of(records.get(name)).opening()).append("\n\n");
      }
      text.append(HEAD);
      for (JsonNode property : group.getValue()) {
        text.append(
            "| `%s` | %s | %s |\n"
                .formatted(
                    text(property, "name"), defaultOf(property), text(property, "description")));
      }
      if (many) {
        text.append(models());
      }
    }
    return text.append('\n').toString();
  }

  private static String defaultOf(JsonNode property) {
    return property.has("defaultValue") ? "`" + text(property, "defaultValue") + "`" : "–";
  }

  /// The settings of one model. They are the values of a map, which the metadata does not go into.
  private String models() throws Exception {
    String map =
        properties().stream()
            .filter(each -> text(each, "name").equals(MODELS))
            .map(each -> text(each, "type"))
            .findFirst()
            .orElseThrow();
    String type = map.substring(map.indexOf(',') + 1, map.length() - 1);
    Documented one = Documented.of(type);
    var text = new StringBuilder("\n## `ponder.models.<name>.*`\n\n");
    text.append(one.opening()).append("\n\n").append(HEAD);
    for (Parameter each : Class.forName(type).getDeclaredConstructors()[0].getParameters()) {
      DefaultValue value = each.getAnnotation(DefaultValue.class);
      text.append(
          "| `%s.<name>.%s` | %s | %s |\n"
              .formatted(
                  MODELS,
                  each.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                  value == null ? "–" : "`" + String.join(", ", value.value()) + "`",
                  one.parameters().get(each.getName())));
    }
    return text.toString();
  }

  /// What the source says of a record: the first paragraph, and each `@param`.
  private record Documented(String opening, Map<String, String> parameters) {

    static Documented of(String type) throws IOException {
      String outer = type.replaceAll("\\$.*", "");
      Path file = SOURCES.resolve(outer.replace('.', '/') + ".java");
      List<String> lines = Files.readAllLines(file);
      Pattern head = Pattern.compile(".*\\brecord " + type.replaceAll(".*[.$]", "") + "\\(.*");
      int at = 0;
      while (!head.matcher(lines.get(at)).matches()) {
        at++;
      }
      var comment = new ArrayList<String>();
      for (int i = at - 1; i > 0 && lines.get(i).strip().matches("(///|@).*"); i--) {
        if (lines.get(i).strip().startsWith("///")) {
          comment.add(lines.get(i).strip().substring(3).strip());
        }
      }
      Collections.reverse(comment);
      String whole = String.join(" ", comment);
      String[] parts = whole.split(" ?@param ");
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 1; i < parts.length; i++) {
        String[] words = parts[i].split(" ", 2);
        parameters.put(words[0], words[1].strip());
      }
      return new Documented(parts[0].strip(), parameters);
    }
  }
}
