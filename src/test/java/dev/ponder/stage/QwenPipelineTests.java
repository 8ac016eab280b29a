package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.stage.PromptFacts.Branch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The default pipeline: its values, and that nothing in it is a decoration.
class QwenPipelineTests {

  private static final Pipelines PIPELINES =
      new YamlPipelines(new PipelineSettings("stage-configs"));

  private final Pipeline qwen = PIPELINES.find("qwen3-30b-thinking").orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "INITIAL_ANALYSIS, 0.8, 4096, 1, exploration",
    "DEEP_EXPLORATION, 0.7, 16384, 3,",
    "SYNTHESIS, 0.6, 8192, 1, coherence focus",
    "VERIFICATION, 0.4, 4096, 1, fact checking",
    "FINAL_OUTPUT, 0.5, 8192, 1, clarity optimization"
  })
  void stagesHaveTheirValues(
      Stage stage, double temperature, int maxTokens, int branches, @Nullable String mode) {
    StageConfig config = qwen.stage(stage);

    assertThat(config.temperature()).isEqualTo(temperature);
    assertThat(config.maxTokens()).isEqualTo(maxTokens);
    assertThat(config.branches()).isEqualTo(branches);
    assertThat(config.mode()).isEqualTo(mode);
    assertThat(config.template().render(known().forBranch(1, branches)).system())
        .contains(mode == null ? "" : mode);
  }

  @Test
  void valuesOfAllStages() {
    assertThat(qwen.timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(qwen.maxThinkingTokens()).isEqualTo(32_768);
    assertThat(qwen.sampling()).isEqualTo(new SamplingSettings(0.95, 20, 0, 0, 1));
    assertThat(qwen.switches()).containsExactlyInAnyOrder(Switch.values());
  }

  @Test
  void theRecommendedPipelineDiffersInItsTemperaturesOnly() {
    Pipeline recommended = PIPELINES.find("qwen3-30b-thinking-recommended").orElseThrow();

    assertThat(recommended.sampling()).isEqualTo(qwen.sampling());
    assertThat(recommended.switches()).isEqualTo(qwen.switches());
    assertThat(prompts(recommended)).isEqualTo(prompts(qwen));
    for (Stage stage : Stage.values()) {
      assertThat(recommended.stage(stage).temperature()).isEqualTo(0.6);
      assertThat(recommended.stage(stage).maxTokens()).isEqualTo(qwen.stage(stage).maxTokens());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySwitchChangesAPrompt(Switch option) throws Exception {
    String source = Files.readString(Path.of("stage-configs/qwen3-30b-thinking.yaml"));

    Pipeline without =
        PIPELINES.parse(
            "without", source.replace(option.key() + ": true", option.key() + ": false"));

    assertThat(without.has(option)).isFalse();
    assertThat(prompts(without)).isNotEqualTo(prompts(qwen));
  }

  @Test
  void branchesShareAPromptUpToTheirOwnAngle() {
    PromptTemplate template = qwen.stage(Stage.DEEP_EXPLORATION).template();

    List<String> prompts =
        List.of(
            template.render(known().forBranch(1, 3)).user(),
            template.render(known().forBranch(2, 3)).user(),
            template.render(known().forBranch(3, 3)).user());

    assertThat(prompts).doesNotHaveDuplicates();
    assertThat(prompts)
        .extracting(prompt -> prompt.substring(0, prompt.indexOf("# Your angle")))
        .containsOnly(prompts.getFirst().substring(0, prompts.getFirst().indexOf("# Your angle")));
    assertThat(prompts.getLast()).contains("You are number 3 of 3.");
  }

  @Test
  void explorationIsToldWhyTheJobCameBack() {
    Prompt prompt = qwen.stage(Stage.DEEP_EXPLORATION).template().render(known());

    assertThat(prompt.user()).contains("sent back for this reason:\nthe units differ");
  }

  @Test
  void synthesisReadsReasoningConclusionAndAnswerOfEachBranch() {
    Prompt prompt = qwen.stage(Stage.SYNTHESIS).template().render(known());

    assertThat(prompt.user())
        .contains("# Branch 1\n## Reasoning\nfirst a < b\n## Conclusion\nso 8\n## Its answer\n8")
        .contains("# Branch 2\n## Conclusion\nno idea\nThis branch gave no answer");
  }

  @Test
  void verificationSeesWhereBranchesDisagree() {
    Prompt prompt = qwen.stage(Stage.VERIFICATION).template().render(known());

    assertThat(prompt.user()).contains("- Branch 1: 8\n- Branch 2: none that could be read");
  }

  @ParameterizedTest
  @EnumSource
  void noPromptHasAHoleWhereNothingIsKnown(Stage stage) {
    Prompt prompt = qwen.stage(stage).template().render(PromptFacts.of("Why?"));

    assertThat(prompt.system() + prompt.user()).doesNotContain("{{", "null", "\n\n\n");
    assertThat(prompt.user()).startsWith("# Problem\nWhy?\n\n").doesNotEndWith("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Answer: 13|13",
        "**Answer:** 13 coins|13 coins",
        "**Answer: 13**|13",
        "### Answer: Paul|Paul",
        "Answer: 12\\nNo, wait.\\nAnswer: 13|13",
        "Answer:\\nConfidence: 0.9|"
      })
  void answersAreReadWithAndWithoutMarkup(String conclusion, @Nullable String answer) {
    String text = conclusion.replace("\\n", "\n");

    assertThat(qwen.stage(Stage.DEEP_EXPLORATION).read("answer", text).orElse(null))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "Confidence: 0.97, 0.97",
    "**Confidence:** 0.9., 0.9",
    "Confidence: 1, 1",
    "Confidence: 97%, 0.97",
    "Confidence: 0.97%,",
    "Confidence: 1.5,",
    "Confidence: high,"
  })
  void confidenceIsReadFromZeroToOne(String conclusion, @Nullable String confidence) {
    assertThat(qwen.stage(Stage.VERIFICATION).read("confidence", conclusion).orElse(null))
        .isEqualTo(confidence);
  }

  private static Map<Stage, Prompt> prompts(Pipeline pipeline) {
    return Arrays.stream(Stage.values())
        .collect(
            Collectors.toMap(
                stage -> stage, stage -> pipeline.stage(stage).template().render(known())));
  }

  private static PromptFacts known() {
    return new PromptFacts(
        "How many?",
        "a plan",
        "key results",
        List.of(new Branch(1, "so 8", "8", "first a < b"), new Branch(2, "no idea", null, null)),
        "the joined argument",
        "8",
        "all checked",
        "8",
        "0.97",
        "the units differ",
        1,
        3);
  }
}
