package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.stage.PromptFacts.Branch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The embedded model was trained on exactly these texts.
class MiniPromptTests {

  private static final String PROMPT =
      "Ada has 12 <apples> & sells 4. How many \"apples\" are left?";
  private static final String ANALYSIS =
      "Known: start: 12 apples; sold: 4.\nAsked: the apples left.\nPlan: take away what left.";

  private final Pipeline mini =
      new YamlPipelines(new PipelineSettings("stage-configs")).find("mini").orElseThrow();

  @Test
  void analysisAsksThePromptAlone() {
    Prompt prompt = render(Stage.INITIAL_ANALYSIS, PromptFacts.of(PROMPT));

    assertThat(prompt)
        .isEqualTo(
            new Prompt("Stage: analysis. State the facts, the question and a plan.", PROMPT));
  }

  @Test
  void explorationFollowsTheAnalysis() {
    Prompt prompt = render(Stage.DEEP_EXPLORATION, facts(null, List.of(), null));

    assertThat(prompt)
        .isEqualTo(
            new Prompt(
                "Stage: exploration. Follow the plan step by step to an answer.",
                PROMPT + "\n\nAnalysis:\n" + ANALYSIS));
  }

  @Test
  void explorationReadsEarlierThoughtsAfterTheAnalysis() {
    Prompt prompt = render(Stage.DEEP_EXPLORATION, facts("Key: 12 - 4 = 8.", List.of(), null));

    assertThat(prompt.user())
        .isEqualTo(
            PROMPT + "\n\nAnalysis:\n" + ANALYSIS + "\n\nEarlier thoughts:\nKey: 12 - 4 = 8.");
  }

  @Test
  void explorationOfASkippedAnalysisAsksThePromptAlone() {
    Prompt prompt = render(Stage.DEEP_EXPLORATION, PromptFacts.of(PROMPT));

    assertThat(prompt.user()).isEqualTo(PROMPT);
  }

  @Test
  void synthesisReadsALineForEachBranchWithAnAnswer() {
    List<Branch> branches =
        List.of(
            new Branch(1, "Answer: 8", "8", "12 - 4"),
            new Branch(2, "I do not know.", null, "12"),
            new Branch(3, "Answer: Paul", "Paul", null));

    Prompt prompt = render(Stage.SYNTHESIS, facts(null, branches, null));

    assertThat(prompt)
        .isEqualTo(
            new Prompt(
                "Stage: synthesis. Weigh the branches and settle on one candidate.",
                PROMPT + "\n\nBranch 1: Answer: 8\nBranch 3: Answer: Paul"));
  }

  @Test
  void verificationChecksTheCandidate() {
    Prompt prompt = render(Stage.VERIFICATION, facts(null, List.of(), "8"));

    assertThat(prompt)
        .isEqualTo(
            new Prompt(
                "Stage: verification. Check the candidate and give a verdict.",
                PROMPT + "\n\nCandidate: 8"));
  }

  @Test
  void finalOutputStatesTheVerifiedAnswerAndItsConfidence() {
    Prompt prompt = render(Stage.FINAL_OUTPUT, facts(null, List.of(), "8"));

    assertThat(prompt)
        .isEqualTo(
            new Prompt(
                "Stage: final. State the final answer in one sentence.",
                PROMPT + "\n\nVerified answer: 8\nConfidence: 0.97"));
  }

  @Test
  void whiteSpaceAroundThePromptDoesNotReachTheModel() {
    Prompt prompt = render(Stage.VERIFICATION, PromptFacts.of("  " + PROMPT + "\r\n\n"));

    assertThat(prompt.user()).isEqualTo(PROMPT);
  }

  @Test
  void tagsInThePromptAreNoTags() {
    Prompt prompt = render(Stage.INITIAL_ANALYSIS, PromptFacts.of("{{analysis}} {{#x}} {{"));

    assertThat(prompt.user()).isEqualTo("{{analysis}} {{#x}} {{");
  }

  @Test
  void theClosingLineIsTheOneItKnows() {
    assertThat(mini.closing()).isEqualTo("The budget is used up, I answer now.");
  }

  @Test
  void conclusionsAreRead() {
    String verified = "Verdict: wrong\nAnswer: 8\nConfidence: 0.97";
    StageConfig verification = mini.stage(Stage.VERIFICATION);

    assertThat(mini.stage(Stage.DEEP_EXPLORATION).read("answer", "Answer: 8")).contains("8");
    assertThat(mini.stage(Stage.SYNTHESIS).read("candidate", "Candidate: Paul\n")).contains("Paul");
    assertThat(verification.read("verdict", verified)).contains("wrong");
    assertThat(verification.read("answer", verified)).contains("8");
    assertThat(verification.read("confidence", verified)).contains("0.97");
    assertThat(verification.read("answer", "I cannot say.")).isEmpty();
  }

  private Prompt render(Stage stage, PromptFacts facts) {
    return mini.stage(stage).template().render(facts);
  }

  private static PromptFacts facts(
      @Nullable String earlier, List<Branch> branches, @Nullable String value) {
    return new PromptFacts(
        PROMPT,
        ANALYSIS,
        earlier,
        branches,
        "Candidate: 8",
        value,
        null,
        value,
        "0.97",
        "a reason",
        1,
        3);
  }
}
