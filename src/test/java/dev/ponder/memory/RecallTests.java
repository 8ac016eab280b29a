package dev.ponder.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.Stage;
import dev.ponder.stage.YamlPipelines;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which thoughts come into a prompt, in which order, and what of them.
class RecallTests {

  private static final Pipeline PIPELINE =
      new YamlPipelines(new PipelineSettings("stage-configs")).find("mini").orElseThrow();

  private final Thought analysis = thought(Stage.INITIAL_ANALYSIS, 1, 1, "Known: apples");
  private final Thought first = thought(Stage.DEEP_EXPLORATION, 1, 1, "Answer: seven pears");
  private final Thought second = thought(Stage.DEEP_EXPLORATION, 1, 2, "Answer: nine apples");
  private final Thought third = thought(Stage.DEEP_EXPLORATION, 1, 3, "Answer: nothing");

  private static Thought thought(Stage stage, int visit, int branch, String conclusion) {
    return Thought.of(
        new ThoughtKey(stage, visit, branch),
        1,
        "hm</think>" + conclusion,
        9,
        1,
        Thought.ClosedBy.MODEL);
  }

  private static List<Thought> sorted(Stage asked, String problem, Thought... thoughts) {
    List<Thought> all = List.of(thoughts);
    return new Recall(PIPELINE, all, 1).byRelevance(asked, problem, all);
  }

  @Test
  void theStageBeforeCountsMoreThanTheOneBeforeThat() {
    assertThat(sorted(Stage.SYNTHESIS, "Why?", first, analysis)).containsExactly(first, analysis);
    assertThat(sorted(Stage.SYNTHESIS, "Why?", analysis, first)).containsExactly(first, analysis);
  }

  @Test
  void whatWasThoughtLaterCountsMore() {
    Thought again = thought(Stage.DEEP_EXPLORATION, 2, 1, "Answer: seven pears");

    assertThat(sorted(Stage.SYNTHESIS, "Why?", first, again)).containsExactly(again, first);
  }

  @Test
  void relevanceIsASumOfFourParts() {
    var relevance = new Relevance(Stage.VERIFICATION, "pears", List.of(analysis, first, second));

    // Two stages before, the last of three, none of the words "pears nine apples answer" but two.
    assertThat(relevance.similarity(second)).isBetween(0.3, 0.9);
    assertThat(relevance.of(second) - relevance.similarity(second)).isCloseTo(4, within(1e-9));
    assertThat(relevance.of(first) - relevance.similarity(first)).isCloseTo(4, within(1e-9));
    assertThat(relevance.of(analysis) - relevance.similarity(analysis))
        .isCloseTo(4 / 3.0 + 2 / 3.0, within(1e-9));
    assertThat(
            new Relevance(Stage.INITIAL_ANALYSIS, "", List.of(analysis)).of(analysis)
                - new Relevance(Stage.INITIAL_ANALYSIS, "", List.of(analysis)).similarity(analysis))
        .isCloseTo(2, within(1e-9));
  }

  @Test
  void aWordThatFewThoughtsHaveCountsMore() {
    Thought common = thought(Stage.DEEP_EXPLORATION, 1, 1, "apples");
    Thought commonAgain = thought(Stage.DEEP_EXPLORATION, 1, 2, "apples");
    Thought rare = thought(Stage.DEEP_EXPLORATION, 1, 3, "pears");
    var relevance =
        new Relevance(
            Stage.SYNTHESIS,
            "apples or pears",
            List.of(common, rare, commonAgain, thought(Stage.DEEP_EXPLORATION, 1, 4, "")));

    assertThat(relevance.similarity(rare))
        .isCloseTo(Math.log(5) / (Math.log(5) + Math.log(3)), within(1e-9));
    assertThat(relevance.similarity(common))
        .isCloseTo(Math.log(3) / (Math.log(5) + Math.log(3)), within(1e-9));
  }

  @Test
  void aStageCountsAnewWhenTheJobExploresAgain() {
    Thought again = thought(Stage.DEEP_EXPLORATION, 2, 1, "Answer: 8");
    var recall = new Recall(PIPELINE, List.of(second, again, first, analysis), 1);
    var anew = new Recall(PIPELINE, List.of(second, again, first, analysis), 2);

    assertThat(recall.all(Stage.DEEP_EXPLORATION)).containsExactly(first, second);
    assertThat(recall.of(Stage.DEEP_EXPLORATION)).contains(second);
    assertThat(anew.all(Stage.DEEP_EXPLORATION)).containsExactly(again);
    assertThat(anew.all(Stage.INITIAL_ANALYSIS)).containsExactly(analysis);
    assertThat(anew.conclusion(Stage.INITIAL_ANALYSIS)).isEqualTo("Known: apples");
    assertThat(anew.conclusion(Stage.SYNTHESIS)).isNull();
    assertThat(
            new Recall(PIPELINE, List.of(thought(Stage.SYNTHESIS, 1, 1, " ")), 1)
                .conclusion(Stage.SYNTHESIS))
        .isNull();
  }

  @Test
  void aContextIsSharedOutInParts() {
    assertThat(Tiers.DEFAULT.immediate(2_100_000_000)).isEqualTo(800_000_000);
    assertThat(Tiers.DEFAULT.working(2_100)).isEqualTo(600);
    assertThat(Tiers.DEFAULT.longTerm(2_100)).isEqualTo(400);
    assertThat(Tiers.DEFAULT.context(2_100)).isEqualTo(300);
  }

  @Test
  void aThoughtIsSplitAtTheFirstEndOfItsThinking() {
    Thought thought =
        Thought.of(first.key(), 1, " a </think> b </think> c ", 1, 1, Thought.ClosedBy.MODEL);

    assertThat(thought.reasoning()).isEqualTo("a");
    assertThat(thought.conclusion()).isEqualTo("b </think> c");
    assertThat(Thought.of(first.key(), 1, "</think>b", 1, 1, Thought.ClosedBy.MODEL).conclusion())
        .isEqualTo("b");
    assertThat(Thought.of(first.key(), 1, " a ", 1, 1, Thought.ClosedBy.MODEL))
        .satisfies(
            unfinished -> {
              assertThat(unfinished.reasoning()).isEqualTo("a");
              assertThat(unfinished.conclusion()).isEmpty();
            });
    assertThat(third.key().id()).isEqualTo("deep_exploration.1.3");
  }

  @Test
  void foldsStandForWhatCameBefore() {
    String text = "one two three four ";
    var insights = new Fold(1, 4, 1, 1, "1 ");
    var original = new Fold(2, 8, 2, 2, null);
    var allAgain = new Fold(3, 8, 2, 2, "1 and 2");

    assertThat(Fold.earlier(text, List.of())).isEmpty();
    assertThat(Fold.earlier(text, List.of(insights, original))).isEqualTo("1\ntwo");
    assertThat(Fold.earlier(text, List.of(insights, original, allAgain))).isEqualTo("1 and 2");
  }
}
