package dev.ponder.stage;

import com.samskivert.mustache.Template;
import dev.ponder.yaml.Mistakes;
import dev.ponder.yaml.Section;
import dev.ponder.yaml.Section.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads the `compression` section of a pipeline file. Files from before it have none.
final class CompressionReader {

  private static final String KEY = "compression";

  private static final Set<String> KEYS =
      PipelineReader.names(
          "temperature",
          "maxTokens",
          "conclusionTokens",
          "betweenStages",
          "system",
          "user",
          "reads",
          "keeps");

  private static final Set<String> READS = PipelineReader.names("insights");

  private static final List<String> NAMES = List.of("thought", "conclusion", "missing");

  private final Mistakes mistakes;

  CompressionReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /// The section, or null where the file has none and after telling the mistakes in it.
  @Nullable CompressionConfig read(Section root) {
    Section section = root.has(KEY) ? root.section(KEY, "key", KEYS) : null;
    if (section == null) {
      return null;
    }
    Double temperature = section.number("temperature", Range.of("0", "2"));
    Integer maxTokens = section.whole("maxTokens", 16, PipelineReader.MAX_TOKENS);
    Integer conclusion = section.whole("conclusionTokens", 8, PipelineReader.MAX_TOKENS);
    if (maxTokens != null && conclusion != null && maxTokens <= conclusion) {
      section.mistake(
          "conclusionTokens",
          conclusion.toString(),
          "less than maxTokens, which is %d".formatted(maxTokens));
    }
    Boolean between =
        section.has("betweenStages") ? section.flag("betweenStages") : Boolean.valueOf(false);
    CompressionTemplate template = template(section);
    Pattern insights = insights(section);
    Pattern keeps = section.has("keeps") ? section.pattern("keeps") : null;
    if (temperature == null
        || maxTokens == null
        || conclusion == null
        || between == null
        || template == null) {
      return null;
    }
    return new CompressionConfig(
        temperature, maxTokens, conclusion, between, template, insights, keeps);
  }

  private static @Nullable Pattern insights(Section section) {
    Section reads = section.has("reads") ? section.section("reads", "pattern", READS) : null;
    return reads == null ? null : reads.pattern("insights");
  }

  private @Nullable CompressionTemplate template(Section section) {
    Template system = template(section, "system");
    Template user = template(section, "user");
    if (system == null || user == null) {
      return null;
    }
    CompressionTemplate template = facts -> rendered(system, user, facts);
    String sample = "x7y8z9";
    if (!template
        .render(new CompressionTemplate.Facts(sample, null, null))
        .user()
        .contains(sample)) {
      section.mistake("user", "a prompt without the thought", "a template with {{thought}}");
    }
    return template;
  }

  private static Prompt rendered(Template system, Template user, CompressionTemplate.Facts facts) {
    Map<String, @Nullable Object> names = new HashMap<>();
    names.put("thought", facts.thought().strip());
    names.put("conclusion", facts.conclusion() == null ? null : facts.conclusion().strip());
    names.put("missing", facts.missing() == null ? null : facts.missing().strip());
    return new Prompt(system.execute(names).strip(), user.execute(names).strip());
  }

  private @Nullable Template template(Section section, String key) {
    String text = section.text(key, TemplateTags.LONGEST);
    Node node = section.node(key);
    return text == null || node == null
        ? null
        : TemplateTags.compile(mistakes, section.path(key), node, text, NAMES);
  }
}
