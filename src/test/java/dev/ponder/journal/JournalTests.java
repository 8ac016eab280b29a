package dev.ponder.journal;

import static dev.ponder.journal.JournalOnH2.branch;
import static dev.ponder.journal.JournalOnH2.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.job.Answer;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseLost;
import dev.ponder.job.Waiting;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a run writes is read again by the next one, and by nobody else's hand.
class JournalTests {

  private static final Answer ANSWER =
      new Answer(
          "13", 0.9, Answer.ConfidenceBasis.ESTIMATED, Answer.Completeness.FULL, "three branches");

  private final JournalOnH2 h2 = new JournalOnH2();
  private final UUID job = h2.job();
  private final Lease lease = h2.claim();
  private final JobJournal journal = h2.open(lease);

  @Test
  void aChunkIsDurableWhenItIsFull() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);

    tokens(draft, 0, 3);
    assertThat(durable()).isEmpty();
    tokens(draft, 3, 1);
    assertThat(durable()).containsExactly(Map.entry("deep_exploration.1.1", 4));
    tokens(draft, 4, 9);

    assertThat(durable()).containsExactly(Map.entry("deep_exploration.1.1", 12));
    assertThat(draft.text()).isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 12 ");
    assertThat(draft.tokens()).isEqualTo(13);
  }

  @Test
  void aChunkIsDurableWhenItIsOld() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 1);

    h2.now = h2.now.plusMillis(999);
    tokens(draft, 1, 1);
    assertThat(durable()).isEmpty();
    h2.now = h2.now.plusMillis(1);
    tokens(draft, 2, 1);

    assertThat(durable()).containsExactly(Map.entry("deep_exploration.1.1", 3));
  }

  @Test
  void noChunkHoldsMoreThanItsLimit() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);

    draft.write("abc", 3, new int[] {1, 2, 3});
    draft.write("de", 2, new int[] {4, 5});
    draft.flush();

    assertThat(h2.jdbc.queryForList("select tokens from chunk order by from_token", Integer.class))
        .containsExactly(3, 2);
  }

  @Test
  void theNextRunGoesOnWhereTheChunksEnd() {
    Draft draft = journal.draft(new Draft.Blank(branch(2), 7, 100, null), null);
    tokens(draft, 0, 6);
    h2.claim();

    History.Interrupted left = h2.journals.history(job).running().get(branch(2));
    assertThat(left.text()).isEqualTo("0 1 2 3 ");
    assertThat(left.tokens()).isEqualTo(4);
    assertThat(left.seed()).isEqualTo(7);
    assertThat(left.ids()).containsExactly(0, 1, 2, 3);
    Draft next = h2.open(h2.claim()).draft(new Draft.Blank(branch(2), 7, 100, null), left);
    tokens(next, 4, 6);
    next.flush();

    History.Interrupted again = h2.journals.history(job).running().get(branch(2));
    assertThat(again.text()).isEqualTo("0 1 2 3 4 5 6 7 8 9 ");
    assertThat(again.ids()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(next.ids(0)).isEqualTo(again.ids());
    assertThat(next.ids(8)).containsExactly(8, 9);
    assertThat(next.ids(11)).isEmpty();
    assertThat(next.mark(8)).isEqualTo(new Marks.Mark(4, 4));
    assertThat(next.mark(10)).isEqualTo(new Marks.Mark(5, 5));
    assertThat(next.mark(9)).isNull();
  }

  @Test
  void marksAreFoundHoweverManyThereAre() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 1000, null), null);

    tokens(draft, 100, 200);

    for (int token = 1; token <= 200; token++) {
      assertThat(draft.mark(4 * token)).isEqualTo(new Marks.Mark(token, token));
      assertThat(draft.mark(4 * token - 1)).isNull();
    }
    assertThat(draft.mark(804)).isNull();
  }

  @Test
  void idsAreForgottenWhenOneIsUnknown() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 4);
    draft.write("?", 1, new int[0]);
    tokens(draft, 5, 4);
    draft.flush();

    History.Interrupted left = h2.journals.history(job).running().get(branch(1));

    assertThat(left.text()).isEqualTo("0 1 2 3 ?5 6 7 8 ");
    assertThat(left.tokens()).isEqualTo(9);
    assertThat(left.ids()).isEmpty();
    assertThat(draft.ids(0)).isEmpty();
  }

  @Test
  void theOneCharacterThatPostgresRefusesIsReplaced() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    draft.write("a\0b", 1, new int[] {1});
    draft.flush();

    assertThat(draft.text()).isEqualTo("a\uFFFDb");
    assertThat(h2.journals.interrupted(job).get(branch(1)).text()).isEqualTo("a\uFFFDb");
  }

  @Test
  void aFinishedThoughtIsOneRowAndNoChunk() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 6);
    draft.write("</think>Answer: 13", 2, new int[] {6, 7});

    Thought thought = draft.finish(Duration.ofMillis(2000), /* carry= */ false);
    draft.flush();

    assertThat(thought.text()).isEqualTo("0 1 2 3 4 5 </think>Answer: 13");
    assertThat(h2.journals.thoughts(job)).containsExactly(thought);
    assertThat(h2.journals.history(job).finished(branch(1))).contains(thought);
    assertThat(h2.count("select count(*) from chunk")).isZero();
    assertThat(durable()).isEmpty();
    assertThat(h2.thoughts().summaries(job))
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.conclusion()).isEqualTo("Answer: 13");
              assertThat(summary.tokens()).isEqualTo(8);
              assertThat(summary.tokensPerSecond()).isEqualTo(4);
            });
    assertThat(kinds()).containsExactly(Kind.THOUGHT_FINISHED);
  }

  @Test
  void aLongThoughtIsPackedAndReadAsItWas() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 1000, null), null);
    tokens(draft, 0, 100);
    draft.write("</think>Answer: 13", 1, new int[0]);
    draft.breakOff(Thought.ClosedBy.BUDGET);
    Thought packed = draft.finish(Duration.ZERO, false);
    Draft brief = journal.draft(new Draft.Blank(branch(2), 7, 1000, null), null);
    brief.write("</think>7", 1, new int[0]);
    Thought plain = brief.finish(Duration.ZERO, false);

    assertThat(h2.journals.thoughts(job)).containsExactlyInAnyOrder(packed, plain);
    assertThat(h2.count("select count(*) from thought where text is null")).isEqualTo(1);
    assertThat(h2.count("select count(*) from thought where packed is null")).isEqualTo(1);
    assertThat(
            h2.count(
                """
                select count(*) from thought where stored = coalesce(octet_length(text), 0)
                  + coalesce(octet_length(packed), 0) + coalesce(octet_length(conclusion), 0)
                """))
        .isEqualTo(2);
    assertThat(h2.thoughts().summaries(job))
        .extracting(summary -> summary.conclusion())
        .containsExactlyInAnyOrder("Answer: 13", "7");
  }

  @Test
  void anEndThatIsCarriedIsDurableWithTheNextStep() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 4);
    draft.finish(Duration.ZERO, true);
    assertThat(h2.journals.thoughts(job)).isEmpty();
    assertThat(durable()).hasSize(1);
    journal.sendBack("It does not add up.");
    assertThat(h2.journals.history(job).sentBack()).isNull();

    journal.enter(Stage.SYNTHESIS, 1);

    assertThat(h2.journals.thoughts(job)).hasSize(1);
    assertThat(durable()).isEmpty();
    assertThat(h2.journals.history(job).sentBack()).isEqualTo("It does not add up.");
    assertThat(kinds()).containsExactly(Kind.THOUGHT_FINISHED, Kind.SENT_BACK, Kind.STAGE_ENTERED);
    journal.enter(Stage.VERIFICATION, 1);
    assertThat(kinds()).hasSize(4);
  }

  @Test
  void whatIsCarriedIsDurableWhenTheJobIsGivenBack() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 4);
    draft.finish(Duration.ZERO, true);

    journal.release();

    assertThat(h2.journals.thoughts(job)).hasSize(1);
    assertThat(h2.claim()).isEqualTo(new Lease(job, 2));
  }

  @Test
  void aThoughtThatIsGivenUpLeavesNothing() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 5);
    draft.fold(new Fold(1, 4, 2, 2, "zero and one"), "");

    draft.restart();

    assertThat(h2.count("select count(*) from thought")).isZero();
    assertThat(draft.text()).isEmpty();
    assertThat(draft.tokens()).isZero();
    assertThat(draft.folds()).isEmpty();
    assertThat(draft.mark(2)).isNull();
    tokens(draft, 20, 4);
    assertThat(h2.journals.interrupted(job).get(branch(1)).text()).isEqualTo("20 21 22 23 ");
  }

  @Test
  void aFoldIsFoundAgainWithTheTextThatItStandsFor() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 3);
    var first = new Fold(1, 4, 2, 2, "zero and one");
    var second = new Fold(2, 6, 3, -1, null);

    draft.fold(first, "because");
    draft.fold(second, "because");

    History.Interrupted left = h2.journals.history(job).running().get(branch(1));
    assertThat(left.text()).isEqualTo("0 1 2 ");
    assertThat(left.folds()).containsExactly(first, second).isEqualTo(draft.folds());
    assertThatThrownBy(() -> draft.fold(new Fold(3, 7, 3, 3, "x"), ""))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("only 6 characters are durable");
    draft.finish(Duration.ZERO, false);
    assertThat(h2.count("select count(*) from fold")).isZero();
  }

  /// Everything that a run can write.
  static Stream<Arguments> everyWrite() {
    return Stream.of(
        write("a stage", j -> j.enter(Stage.SYNTHESIS, 1)),
        write("a judgement", j -> j.judged(Stage.SYNTHESIS, 1, judgement(), 3)),
        write("an answer", j -> j.complete(ANSWER)),
        write("a pause", j -> j.pause("no key")),
        write("a failure", j -> j.fail("no model")),
        write("a release", JobJournal::release),
        write("a break", j -> j.brokenOff(branch(1), "the engine is away")),
        write("a resumption", j -> j.resumed(branch(1), 4, 2, new ResumeNote("ids", "m", null))),
        write("a wait", j -> j.waits(Stage.SYNTHESIS, 1, waiting("away"))),
        write("a longer wait", j -> j.stillWaits(waiting("still away"))),
        write("the end of a wait", j -> j.goesOn(Stage.SYNTHESIS, 1, "after 3 s")),
        write(
            "a first chunk",
            j -> tokens(j.draft(new Draft.Blank(branch(3), 7, 100, null), null), 0, 4)),
        write(
            "a brief thought",
            j ->
                j.draft(new Draft.Blank(branch(3), 7, 100, null), null)
                    .finish(Duration.ZERO, false)));
  }

  private static Arguments write(String what, Consumer<JobJournal> write) {
    return Arguments.of(what, write);
  }

  private static Waiting waiting(String because) {
    return new Waiting("mini", because, java.time.Instant.EPOCH);
  }

  private static JudgementNote judgement() {
    return JudgementNote.of("mini", List.of(List.of(1, 2)), List.of("13", "thirteen"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyWrite")
  void anOwnerThatWasReplacedWritesNothing(String what, Consumer<JobJournal> write) {
    h2.claim();
    List<String> before = everything();

    assertThatThrownBy(() -> write.accept(journal)).as(what).isInstanceOf(LeaseLost.class);

    assertThat(everything()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyWrite")
  void theOwnerWritesIt(String what, Consumer<JobJournal> write) {
    List<String> before = everything();

    write.accept(journal);

    assertThat(everything()).as(what).isNotEqualTo(before);
  }

  @Test
  void anOwnerThatWasReplacedWritesNoMoreOfAThought() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 5);
    h2.claim();
    List<String> before = everything();

    assertThatThrownBy(draft::flush).isInstanceOf(LeaseLost.class);
    assertThatThrownBy(() -> draft.fold(new Fold(1, 4, 2, 2, "x"), ""))
        .isInstanceOf(LeaseLost.class);
    assertThatThrownBy(draft::restart).isInstanceOf(LeaseLost.class);
    assertThatThrownBy(() -> draft.finish(Duration.ZERO, /* carry= */ false))
        .isInstanceOf(LeaseLost.class);

    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void theNumbersOfTheLinesGrowFromRunToRun() {
    journal.enter(Stage.INITIAL_ANALYSIS, 1);
    tokens(journal.draft(new Draft.Blank(branch(1), 7, 100, null), null), 0, 8);
    JobJournal next = h2.open(h2.claim());
    next.enter(Stage.DEEP_EXPLORATION, 1);
    next.pause("enough");

    List<JournalEntry> lines = h2.entries(job, 0, 10);
    assertThat(lines).extracting(JournalEntry::seq).doesNotHaveDuplicates().isSorted();
    assertThat(lines).extracting(JournalEntry::epoch).containsExactly(1L, 2L, 2L);
    assertThat(lines.get(1).seq()).isGreaterThan(lines.get(0).seq() + 2);
    assertThat(lines.get(1).stage()).isEqualTo("deep_exploration");
    assertThat(lines.get(1).visit()).isEqualTo(1);
    assertThat(lines.get(1).at()).isEqualTo(h2.now);
    assertThat(lines.get(2).note()).isEqualTo("enough");
    assertThat(h2.entries(job, lines.get(1).seq(), 10)).containsExactly(lines.get(2));
    assertThat(h2.entries(job, 0, 2)).isEqualTo(lines.subList(0, 2));
    assertThat(h2.entries(job, Kind.STAGE_ENTERED, 1)).containsExactly(lines.get(0));
    assertThat(h2.journals.history(job).lastSeq()).isEqualTo(lines.get(2).seq());
  }

  @Test
  void aJobWithoutALineHasNoHistory() {
    assertThat(h2.journals.history(h2.job()))
        .isEqualTo(new History(List.of(), Map.of(), 0, null, List.of()));
  }

  @Test
  void whatWasJudgedIsReadAgain() {
    journal.judged(Stage.SYNTHESIS, 1, judgement(), 30);

    assertThat(h2.journals.history(job).judgements()).containsExactly(judgement());
    assertThat(h2.entries(job, Kind.ANSWERS_JUDGED, 5))
        .singleElement()
        .extracting(JournalEntry::tokens)
        .isEqualTo(30);
  }

  @Test
  void aThoughtThatWasClosedSaysByWhat() {
    Draft draft =
        journal.draft(new Draft.Blank(branch(1), 7, 100, "a prompt of three parts"), null);
    draft.breakOff(Thought.ClosedBy.DEADLINE);
    draft.finish(Duration.ZERO, false);
    tokens(journal.draft(new Draft.Blank(branch(2), 7, 100, "a prompt of two parts"), null), 0, 4);

    assertThat(h2.entries(job, Kind.THOUGHT_FINISHED, 5))
        .extracting(JournalEntry::note)
        .containsExactly("deadline");
    assertThat(h2.entries(job, Kind.PROMPT_MADE, 5))
        .extracting(JournalEntry::note)
        .containsExactly("a prompt of three parts", "a prompt of two parts");
  }

  private Map<String, Integer> durable() {
    return h2.thoughts().durable(List.of(job)).stream()
        .filter(thought -> thought.finishedAt() == null && thought.tokens() != null)
        .collect(
            java.util.stream.Collectors.toMap(
                thought -> thought.key().id(), thought -> thought.tokens().intValue()));
  }

  private List<Kind> kinds() {
    return h2.entries(job, 0, 100).stream().map(JournalEntry::kind).toList();
  }

  /// All rows there are.
  private List<String> everything() {
    return h2.jdbc.queryForList("script nosettings", String.class).stream()
        .filter(line -> line.startsWith("INSERT"))
        .toList();
  }
}
