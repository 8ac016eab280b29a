package dev.ponder.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.memory.Filling.Summary;
import dev.ponder.memory.PromptContents.Part;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.Stage;
import dev.ponder.stage.YamlPipelines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What of a job goes into a prompt when not all of it fits.
class FillingTests {

  private static final Filling.Sources NO_SUMMARIES = sources(Map.of(), false);

  @Test
  void whatFitsGoesInAsItWasThought() {
    Thought branch = branch(1, 100, 20);

    var filling =
        new Filling(NO_SUMMARIES, 120).conclusions(List.of(branch)).reasonings(List.of(branch));

    assertThat(filling.conclusion(branch)).isEqualTo(branch.conclusion());
    assertThat(filling.reasoning(branch)).isEqualTo(branch.reasoning());
    assertThat(filling.isWhole()).isTrue();
    PromptContents makeUp = filling.makeUp(1000, 500, 80);
    assertThat(makeUp.working()).isEqualTo(120);
    assertThat(makeUp.parts())
        .extracting(Part::form, Part::tokens, Part::because)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("original", 20, null),
            org.assertj.core.groups.Tuple.tuple("original", 100, null));
  }

  @Test
  void reasoningThatDoesNotFitIsRecalledCompressed() {
    Thought branch = branch(1, 1000, 20);

    var filling =
        new Filling(sources(Map.of(branch.key(), new Summary("Key: 13", 30, null)), false), 200)
            .conclusions(List.of(branch))
            .reasonings(List.of(branch));

    assertThat(filling.reasoning(branch)).isEqualTo("Key: 13");
    assertThat(filling.isWhole()).isFalse();
    assertThat(filling.makeUp(1000, 500, 80).longTerm()).isEqualTo(30);
    assertThat(filling.makeUp(1000, 500, 80).hasSummaries()).isTrue();
    assertThat(filling.makeUp(1000, 500, 80).parts().getLast().because())
        .isEqualTo("1000 tokens, room for 180");
  }

  @Test
  void withoutASummaryItIsShortened() {
    Thought branch = branch(1, 1000, 20);

    var filling =
        new Filling(sources(Map.of(branch.key(), new Summary(null, 0, "rejected")), false), 200)
            .conclusions(List.of(branch))
            .reasonings(List.of(branch));

    assertThat(filling.reasoning(branch)).contains("tokens left out").hasSizeLessThan(1200);
    assertThat(filling.makeUp(1000, 500, 80).parts().getLast().because()).endsWith("rejected");
  }

  /// A quarter of what is kept comes from the beginning, eight tokens are for the line between, and
  /// no duck is cut in half.
  @ParameterizedTest
  @ValueSource(ints = {20, 21, 22, 23, 100})
  void whatIsShortenedKeepsWholeCharacters(int room) {
    Thought ducks =
        Thought.of(
            new ThoughtKey(Stage.DEEP_EXPLORATION, 1, 1),
            1,
            "🦆".repeat(1000) + "</think>x",
            1001,
            1000,
            ClosedBy.MODEL);

    var filling =
        new Filling(sources(Map.of(ducks.key(), new Summary(null, 0, null)), false), room)
            .reasonings(List.of(ducks));

    String[] parts =
        filling
            .reasoning(ducks)
            .split("\n\\[… about %d tokens left out …\\]\n".formatted(1000 - room));
    assertThat(parts).hasSize(2).allMatch(part -> part.matches("(🦆)+"));
    assertThat(parts[0].length()).isEqualTo((room - 8) / 2 / 2 * 2);
    assertThat(parts[0].length() + parts[1].length()).isBetween(2 * (room - 8), 2 * room - 14);
    assertThat(filling.makeUp(1000, 500, 80).hasSummaries()).isFalse();
  }

  @Test
  void whatHasNoRoomAtAllIsLeftOutAndSaidSo() {
    Thought branch = branch(1, 1000, 20);

    var filling =
        new Filling(NO_SUMMARIES, 22).conclusions(List.of(branch)).reasonings(List.of(branch));

    assertThat(filling.reasoning(branch)).isNull();
    assertThat(filling.makeUp(1000, 500, 80).parts().getLast().form()).isEqualTo("left_out");
  }

  @Test
  void noRoomIsNoFailure() {
    Thought branch = branch(1, 1000, 20);

    var filling =
        new Filling(NO_SUMMARIES, -500).conclusions(List.of(branch)).reasonings(List.of(branch));

    assertThat(filling.conclusion(branch)).isNull();
    assertThat(filling.makeUp(1000, 500, 80).parts())
        .extracting(Part::form)
        .containsOnly("left_out");
  }

  @Test
  void oneBranchDoesNotTakeTheRoomOfTheOthers() {
    List<Thought> branches = List.of(branch(1, 5000, 1), branch(2, 100, 1), branch(3, 100, 1));

    var filling = new Filling(NO_SUMMARIES, 600).reasonings(branches);

    assertThat(filling.makeUp(1000, 500, 80).parts())
        .extracting(Part::tokens)
        .containsExactly(200, 100, 100);
  }

  @Test
  void whereAllIsCompressedASummaryStandsForAThoughtThatWouldFit() {
    Thought branch = branch(1, 100, 20);

    var filling =
        new Filling(sources(Map.of(branch.key(), new Summary("Key: 13", 9, null)), true), 1000)
            .conclusions(List.of(branch))
            .reasonings(List.of(branch));

    assertThat(filling.conclusion(branch)).isEqualTo("Key: 13");
    assertThat(filling.reasoning(branch)).isNull();
  }

  @Test
  void aLineOfTheJournalHoldsTheMostRelevantParts() {
    var filling = new Filling(sources(Map.of(), false), 100_000);
    List<Thought> many =
        java.util.stream.IntStream.rangeClosed(1, 60).mapToObj(n -> branch(n, 10, 10)).toList();

    PromptContents makeUp = filling.conclusions(many).makeUp(1000, 500, 80);
    PromptContents read = PromptContents.read(makeUp.line()).orElseThrow();

    assertThat(makeUp.line()).hasSizeLessThanOrEqualTo(2000);
    assertThat(read.parts()).startsWith(makeUp.parts().getFirst());
    assertThat(read.parts().size() + read.leftOut()).isEqualTo(60);
    assertThat(PromptContents.read("something else")).isEmpty();
  }

  @Test
  void theBranchThatTheNewestConclusionNamesComesFirst() {
    var mini = new YamlPipelines(new PipelineSettings("stage-configs")).find("mini").orElseThrow();
    Thought one = branch(1, 10, 10);
    Thought two = branch(2, 10, 10);
    Thought three = branch(3, 10, 10);
    Thought synthesis =
        Thought.of(
            new ThoughtKey(Stage.SYNTHESIS, 1, 1),
            1,
            "Hm.</think>Branch 2 counts the days right.",
            10,
            4,
            ClosedBy.MODEL);
    var recall = new Recall(mini, List.of(one, two, three, synthesis), 1);

    assertThat(
            recall.byRelevance(
                Stage.FINAL_OUTPUT, "How many days?", List.of(one, two, three, synthesis)))
        .containsExactly(two, synthesis, one, three);
  }

  @Test
  void ofEqualThoughtsTheOneWithTheWordsOfTheProblemComesFirst() {
    var mini = new YamlPipelines(new PipelineSettings("stage-configs")).find("mini").orElseThrow();
    Thought about = thought(1, "The ferry leaves the harbour at noon.");
    Thought beside = thought(2, "It is what it is, as always.");
    var recall = new Recall(mini, List.of(about, beside), 1);

    assertThat(
            recall.byRelevance(
                Stage.SYNTHESIS, "When does the ferry leave the harbour?", List.of(beside, about)))
        .containsExactly(about, beside);
  }

  private static Thought thought(int number, String text) {
    return Thought.of(
        new ThoughtKey(Stage.DEEP_EXPLORATION, 1, number),
        1,
        text + "</think>Done.",
        20,
        16,
        ClosedBy.MODEL);
  }

  private static Thought branch(int number, int thinking, int conclusion) {
    return Thought.of(
        new ThoughtKey(Stage.DEEP_EXPLORATION, 1, number),
        1,
        "step. ".repeat(thinking) + "</think>Answer: " + number,
        thinking + conclusion,
        thinking,
        ClosedBy.MODEL);
  }

  private static Filling.Sources sources(Map<ThoughtKey, Summary> summaries, boolean always) {
    return new Filling.Sources() {
      @Override
      public Summary summary(Thought thought) {
        return summaries.getOrDefault(thought.key(), new Summary(null, 0, null));
      }

      @Override
      public boolean always() {
        return always;
      }
    };
  }
}
