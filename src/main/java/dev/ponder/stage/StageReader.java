package dev.ponder.stage;

import com.samskivert.mustache.Template;
import dev.ponder.stage.PromptFacts.Branch;
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

/// Reads one stage of a pipeline file.
final class StageReader {

  private static final int MAX_BRANCHES = 8;

  private static final Set<String> KEYS =
      PipelineReader.names(
          "temperature", "maxTokens", "conclusionTokens", "mode", "system", "user", "reads");

  /// Only exploration thinks in branches: of any other stage there is one conclusion to go on with.
  private static final Set<String> BRANCHING_KEYS =
      PipelineReader.names(
          "temperature",
          "maxTokens",
          "conclusionTokens",
          "branches",
          "angles",
          "mode",
          "system",
          "user",
          "reads");

  private static final Set<String> READS =
      PipelineReader.names("answer", "candidate", "verdict", "confidence");

  /// Facts that show whether a setting changes a prompt: a job with everything known, also one that
  /// was sent back, and a job with nothing but its prompt.
  private static final List<PromptFacts> SAMPLES =
      List.of(
          new PromptFacts(
              "prompt",
              "analysis",
              "earlier",
              List.of(new Branch(1, "one", "1", "because"), new Branch(2, "two", null, null)),
              "synthesis",
              "candidate",
              "verification",
              "verified",
              "0.97",
              "revisit",
              1,
              2),
          PromptFacts.of("prompt"));

  private final Mistakes mistakes;
  private final Stage stage;
  private final Set<Switch> switches;

  StageReader(Mistakes mistakes, Stage stage, Set<Switch> switches) {
    this.mistakes = mistakes;
    this.stage = stage;
    this.switches = switches;
  }

  /// The stage's settings, or null after telling the mistakes in them.
  @Nullable StageConfig read(Section stages) {
    boolean branching = stage == Stage.DEEP_EXPLORATION;
    Section section = stages.section(stage.key(), "key", branching ? BRANCHING_KEYS : KEYS);
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
    Integer branches = branching ? section.whole("branches", 1, MAX_BRANCHES) : Integer.valueOf(1);
    String mode = section.has("mode") ? section.line("mode", 100) : null;
    List<String> angles =
        section.has("angles") ? section.texts("angles", MAX_BRANCHES, 500) : List.of();
    MustachePrompt prompt = prompt(section, mode, angles);
    Map<String, Pattern> reads = reads(section);
    if (temperature == null
        || maxTokens == null
        || conclusion == null
        || branches == null
        || prompt == null) {
      return null;
    }
    return new StageConfig(
        stage, temperature, maxTokens, conclusion, branches, mode, prompt, reads);
  }

  private @Nullable MustachePrompt prompt(
      Section section, @Nullable String mode, List<String> angles) {
    Template system = template(section, "system");
    Template user = template(section, "user");
    if (system == null || user == null) {
      return null;
    }
    MustachePrompt prompt = new MustachePrompt(system, user, switches, mode, angles);
    if (mode != null && same(prompt, prompt.withMode(null))) {
      section.mistake(
          "mode",
          Mistakes.quoted(mode) + ", but the stage's prompt does not change with it",
          "no mode, or a template with {{mode}}");
    }
    if (!angles.isEmpty() && same(prompt, prompt.withAngles(List.of()))) {
      section.mistake(
          "angles",
          "a list, but the stage's prompt does not change with it",
          "no angles, or a template with {{angle}}");
    }
    return prompt;
  }

  private @Nullable Template template(Section section, String key) {
    String text = section.text(key, TemplateTags.LONGEST);
    Node node = section.node(key);
    return text == null || node == null
        ? null
        : TemplateTags.compile(mistakes, section.path(key), node, text);
  }

  /// What the run reads from a conclusion is required where it cannot go on without.
  private Map<String, Pattern> reads(Section section) {
    Set<String> required =
        switch (stage) {
          case INITIAL_ANALYSIS, FINAL_OUTPUT -> Set.of();
          case DEEP_EXPLORATION -> PipelineReader.names("answer");
          case SYNTHESIS -> PipelineReader.names("candidate");
          case VERIFICATION -> PipelineReader.names("verdict", "answer");
        };
    Map<String, Pattern> patterns = new HashMap<>();
    Section reads =
        required.isEmpty() && !section.has("reads")
            ? null
            : section.section("reads", "pattern", READS);
    if (reads != null) {
      READS.stream()
          .filter(name -> required.contains(name) || reads.has(name))
          .forEach(
              name -> {
                Pattern pattern = reads.pattern(name);
                if (pattern != null) {
                  patterns.put(name, pattern);
                }
              });
    }
    return patterns;
  }

  /// Whether a stage's prompt is another one with these switches.
  static boolean changesWith(StageConfig stage, Set<Switch> others) {
    MustachePrompt prompt = (MustachePrompt) stage.template();
    return !same(prompt, prompt.with(others));
  }

  private static boolean same(PromptTemplate one, PromptTemplate other) {
    return SAMPLES.stream().allMatch(facts -> one.render(facts).equals(other.render(facts)));
  }
}
