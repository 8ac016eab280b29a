package dev.ponder.stage;

import dev.ponder.yaml.Mistakes;
import dev.ponder.yaml.Section;
import dev.ponder.yaml.Section.Range;
import dev.ponder.yaml.YamlDocument;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Reads one pipeline file, as strictly as `docs/pipelines.md` says.
final class PipelineReader {

  static final int MAX_TOKENS = 262_144;

  private static final Set<String> KEYS =
      names(
          "description",
          "timeoutSeconds",
          "maxThinkingTokens",
          "closing",
          "sampling",
          "switches",
          "asks",
          "answers",
          "abstains",
          "stages",
          "compression");
  private static final Set<String> SAMPLING =
      names("topP", "topK", "minP", "presencePenalty", "repeatPenalty");
  private static final Set<String> SWITCHES = keys(Switch.values(), Switch::key);
  private static final Set<String> ANSWERS = keys(AnswerComparison.values(), AnswerComparison::key);
  private static final Set<String> STAGES = keys(Stage.values(), Stage::key);

  private final Mistakes mistakes;

  private PipelineReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /// @param file what messages call the file
  /// @param text in its canonical form
  static Pipeline read(String file, String name, String text) {
    Mistakes mistakes = new Mistakes(file);
    MappingNode root = YamlDocument.compose(text, mistakes);
    return new PipelineReader(mistakes).pipeline(name, text, root);
  }

  private Pipeline pipeline(String name, String text, MappingNode node) {
    Section root = new Section(mistakes, "", 1, node, "key", KEYS);
    String description = root.line("description", 500);
    Integer timeout = root.whole("timeoutSeconds", 10, 1_800);
    Integer thinking = root.whole("maxThinkingTokens", 16, MAX_TOKENS);
    String closing = root.line("closing", 200);
    SamplingSettings sampling = sampling(root.section("sampling", "key", SAMPLING));
    Section switchSection = root.section("switches", "switch", SWITCHES);
    Set<Switch> switches = switches(switchSection);
    Map<Stage, StageConfig> stages = stages(root.section("stages", "stage", STAGES), switches);
    if (switchSection != null && stages.size() == Stage.values().length) {
      switches.forEach(option -> refuseIdle(option, switchSection, switches, stages));
    }
    ConclusionPrompts asks = ConclusionPrompts.read(mistakes, root);
    AnswerComparison answers = answers(root);
    Pattern abstains = root.has("abstains") ? root.sought("abstains") : null;
    CompressionConfig compression = new CompressionReader(mistakes).read(root);
    if (mistakes.some()
        || description == null
        || timeout == null
        || thinking == null
        || closing == null
        || sampling == null
        || asks == null) {
      throw mistakes.refusal();
    }
    return new Pipeline(
        name,
        description,
        YamlDocument.hash(text),
        text,
        Duration.ofSeconds(timeout),
        thinking,
        sampling,
        closing.strip(),
        Collections.unmodifiableSet(switches),
        Collections.unmodifiableMap(stages),
        asks,
        answers,
        abstains,
        compression);
  }

  /// Files from before there was a choice compare by notation, which says the same and more often.
  private static AnswerComparison answers(Section root) {
    String key = root.has("answers") ? root.line("answers", 20) : AnswerComparison.NOTATION.key();
    Optional<AnswerComparison> answers = key == null ? Optional.empty() : AnswerComparison.of(key);
    if (key != null && answers.isEmpty()) {
      root.mistake("answers", Mistakes.quoted(key), Section.list(ANSWERS));
    }
    return answers.orElse(AnswerComparison.NOTATION);
  }

  private static @Nullable SamplingSettings sampling(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    Double topP = section.number("topP", Range.above("0", "1"));
    Integer topK = section.whole("topK", 0, 1_000_000);
    Double minP = section.number("minP", Range.of("0", "1"));
    Double presence =
        section.has("presencePenalty")
            ? section.number("presencePenalty", Range.of("-2", "2"))
            : Double.valueOf(0);
    Double repeat =
        section.has("repeatPenalty")
            ? section.number("repeatPenalty", Range.above("0", "2"))
            : Double.valueOf(1);
    if (topP == null || topK == null || minP == null || presence == null || repeat == null) {
      return null;
    }
    return new SamplingSettings(topP, topK, minP, presence, repeat);
  }

  private static Set<Switch> switches(@Nullable Section section) {
    Set<Switch> on = EnumSet.noneOf(Switch.class);
    if (section != null) {
      Arrays.stream(Switch.values())
          .filter(option -> section.has(option.key()))
          .filter(option -> Boolean.TRUE.equals(section.flag(option.key())))
          .forEach(on::add);
    }
    return on;
  }

  /// The stages that could be read; all five if none of them has a mistake.
  private Map<Stage, StageConfig> stages(@Nullable Section section, Set<Switch> switches) {
    Map<Stage, StageConfig> stages = new EnumMap<>(Stage.class);
    if (section != null) {
      for (Stage stage : Stage.values()) {
        StageConfig config = new StageReader(mistakes, stage, switches).read(section);
        if (config != null) {
          stages.put(stage, config);
        }
      }
    }
    return stages;
  }

  /// A switch that is on has to change the run or at least one prompt.
  private static void refuseIdle(
      Switch option, Section section, Set<Switch> switches, Map<Stage, StageConfig> stages) {
    if (option == Switch.CONFIDENCE_ASSESSMENT
        && !stages.get(Stage.VERIFICATION).reads().containsKey("confidence")) {
      section.mistake(
          option.key(),
          "true, but nothing reads a stated confidence",
          "false, or a pattern stages.verification.reads.confidence");
    }
    Set<Switch> others = EnumSet.copyOf(switches);
    others.remove(option);
    if (!option.changesRun()
        && stages.values().stream().noneMatch(stage -> StageReader.changesWith(stage, others))) {
      section.mistake(
          option.key(),
          "true, but no prompt changes with it",
          "false, or a template with a section {{#%s}}".formatted(option.key()));
    }
  }

  static Set<String> names(String... names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
  }

  private static <T> Set<String> keys(T[] values, Function<T, String> key) {
    return Arrays.stream(values)
        .map(key)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(LinkedHashSet::new), Collections::unmodifiableSet));
  }
}
