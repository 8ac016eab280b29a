package dev.ponder.thinking.adjudication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.journal.JudgementNote;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.YamlPipelines;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers are counted in groups, and the groups are the same however the branches finish.
class BallotTests {

  private static final YamlPipelines PIPELINES =
      new YamlPipelines(new PipelineSettings("stage-configs"));

  private static AnswerEquality judged(List<List<Integer>> groups, String... answers) {
    Pipeline pipeline = PIPELINES.find("qwen3-30b-thinking").orElseThrow();
    return new AnswerEquality(
        pipeline, new Judgements(List.of(JudgementNote.of("judge", groups, List.of(answers)))));
  }

  @Test
  void anAnswerJoinsOnlyWhatItIsTheSameAsInWhole() {
    // The first is the same as both others, which differ.
    var equality =
        judged(List.of(List.of(1, 2), List.of(3)), "a thing", "a red thing", "a blue thing");
    var other =
        judged(List.of(List.of(1, 3), List.of(2)), "a thing", "a red thing", "a blue thing");

    var ballot = new Ballot(equality, List.of("a red thing", "a thing", "a blue thing"));

    assertThat(ballot.groups())
        .containsExactly(
            new Ballot.Group(List.of("a red thing", "a thing"), 2),
            new Ballot.Group(List.of("a blue thing"), 1));
    assertThat(new Ballot(other, List.of("a red thing", "a thing", "a blue thing")).majority(3))
        .hasValueSatisfying(group -> assertThat(group.answer()).isEqualTo("a thing"));
  }

  @Test
  void theMostFrequentWordingStandsForItsGroup() {
    var equality = new AnswerEquality(PIPELINES.find("mini").orElseThrow(), Judgements.NONE);

    var ballot = new Ballot(equality, List.of("42.0", "42", "41", "42"));

    assertThat(ballot.majority(4))
        .hasValueSatisfying(
            group -> assertThat(group.inWords()).isEqualTo("\"42\" (also written 42.0)"));
    assertThat(ballot.of("42.00")).hasValueSatisfying(g -> assertThat(g.votes()).isEqualTo(3));
  }

  @Test
  void halfOfTheBranchesAreNoMajority() {
    var equality = new AnswerEquality(PIPELINES.find("mini").orElseThrow(), Judgements.NONE);
    var ballot = new Ballot(equality, List.of("42", "41", "42", "40"));

    assertThat(ballot.majority(4)).isEmpty();
    assertThat(ballot.majority(3)).isPresent();
    assertThat(ballot.largest())
        .hasValueSatisfying(group -> assertThat(group.answer()).isEqualTo("42"));
    assertThat(ballot.of("41"))
        .hasValueSatisfying(group -> assertThat(group.answer()).isEqualTo("41"));
    assertThat(ballot.of("7")).isEmpty();
  }

  @Test
  void answersAreShownInBriefAndNoneCutInHalf() {
    assertThat(Ballot.listed(List.of())).isEmpty();
    assertThat(Ballot.listed(List.of("a"))).isEqualTo("a");
    assertThat(Ballot.listed(List.of("a", "b"))).isEqualTo("a and b");
    assertThat(Ballot.listed(List.of("a", "b", "c"))).isEqualTo("a, b and c");
    assertThat(Ballot.shown(" a\n b ")).isEqualTo("a b");
    assertThat(Ballot.shown("x".repeat(Ballot.SHOWN))).isEqualTo("x".repeat(Ballot.SHOWN));
    assertThat(Ballot.shown("x".repeat(Ballot.SHOWN + 1)))
        .isEqualTo("x".repeat(Ballot.SHOWN - 1) + "…");
    assertThat(Ballot.shown("x".repeat(Ballot.SHOWN - 2) + "🦆🦆"))
        .isEqualTo("x".repeat(Ballot.SHOWN - 2) + "…");
  }

  @Test
  void abstentionsAreOneAnswerAndNone() {
    var equality =
        new AnswerEquality(PIPELINES.find("qwen3-30b-thinking").orElseThrow(), Judgements.NONE);
    List<String> abstentions =
        List.of(
            "unknown",
            "Unknown.",
            "The answer is unknown.",
            "It cannot be determined from the information given.",
            "Cannot be determined",
            "I don't know",
            "I do not know the answer.",
            "Not enough information",
            "Insufficient data",
            "The answer cannot be known");
    List<String> answers =
        List.of(
            "none",
            "0",
            "no solution",
            "undefined",
            "The Unknown Soldier",
            "D) It cannot be determined",
            "none of the above",
            "x is the unknown",
            "I don't know exactly, but 13",
            "unknown = 13",
            "not enough");

    assertThat(abstentions).allMatch(equality::abstains);
    assertThat(answers).noneMatch(equality::abstains);
    assertThat(new Ballot(equality, abstentions).groups()).hasSize(1);
    assertThat(new Ballot(equality, abstentions).largest()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Same: 1=3, 2|1=3, 2",
        "Same: 1 = 3, 2|1=3, 2",
        "same: 1=3; 2|1=3, 2",
        "**Same:** 1=3, 2|1=3, 2",
        "Same：1=3，2|1=3, 2",
        "Same: 1=2=3|1=2=3",
        "Same: 1=2, 2=3|1=2=3",
        "Same: 1, 2, 3|1, 2, 3",
        "Same: 3=1|1=3, 2",
        "Same: 1, 3|1=3, 2",
        "Same: 1, 3; 2|1=3, 2",
        "1=3, 2|1=3, 2",
        "{1, 3}, {2}|1=3, 2",
        "[[1,3],[2]]|1=3, 2",
        "Same: [1, 3], [2]|1=3, 2",
        "1 and 3 are the same, but 2 differs.|1=3, 2",
        "Answers 1, 2 and 3 all mean the same.|1=2=3",
        "1 and 2 are not the same|1, 2, 3",
        "Same: none|1, 2, 3",
        "None of them mean the same.|1, 2, 3",
        "Same: all|1=2=3",
        "All answers are the same.|1=2=3",
        "Same: 1=7, 2|1, 2, 3",
        "Let me see.|",
        "''|"
      })
  void aReplyIsReadInManyForms(String reply, String groups) {
    assertThat(JudgedGroups.read(reply.replace('，', ','), 3).map(JudgementNote::said).orElse(null))
        .isEqualTo(groups);
  }
}
