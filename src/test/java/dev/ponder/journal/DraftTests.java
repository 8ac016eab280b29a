package dev.ponder.journal;

import static dev.ponder.journal.JournalOnH2.branch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.memory.Thought.ClosedBy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a draft knows of its text.
class DraftTests {

  private static final String CLOSING = "That is enough.";

  private final JournalOnH2 h2 = new JournalOnH2();
  private final JobJournal journal;

  DraftTests() {
    h2.job();
    journal = h2.open(h2.claim());
  }

  @Test
  void theEndOfTheThinkingIsFoundHoweverTheTextIsCut() {
    String text = "a < b </thin </think>\n\nb > a </think>";
    for (int size = 1; size <= text.length(); size++) {
      Draft draft = draft(size);
      for (int from = 0; from < text.length(); from += size) {
        draft.write(text.substring(from, Math.min(text.length(), from + size)), 1, new int[0]);
      }

      assertThat(draft.isThinking()).isFalse();
      assertThat(draft.thinking()).isEqualTo("a < b </thin ");
      assertThat(draft.conclusion()).isEqualTo("\n\nb > a </think>");
    }
  }

  @Test
  void theTokensOfThePieceThatEndsTheThinkingBelongToIt() {
    Draft draft = draft(1);
    draft.write("So it is", 3, new int[0]);
    draft.write(".</think>", 2, new int[0]);
    draft.write("Yes.", 4, new int[0]);

    assertThat(draft.conclusionTokens()).isEqualTo(4);
    assertThat(draft.finish(Duration.ZERO, false).thinkingTokens()).isEqualTo(5);
  }

  @Test
  void whatClosedItForTheModelIsKnownAgainByTheNextRun() {
    Draft draft = draft(1);
    draft.write("On and on", 4, new int[0]);
    draft.close(ClosedBy.BUDGET, CLOSING);
    draft.write("13", 1, new int[0]);
    assertThat(draft.text()).isEqualTo("On and on\n" + CLOSING + "\n</think>\n\n13");
    draft.flush();

    var left = Optional.ofNullable(h2.journals.interrupted(job()).get(branch(1)));
    Draft next = journal.draft(new Draft.Blank(branch(1), 7, 100, null), left.orElseThrow());
    next.takeUp(CLOSING, text -> 4);

    assertThat(next.isForced()).isTrue();
    assertThat(next.conclusion()).isEqualTo("\n\n13");
    assertThat(next.conclusionTokens()).isEqualTo(1);
  }

  @Test
  void anOpeningOfAFormerVersionIsNoThinking() {
    Draft draft = draft(1);
    draft.write("<think>Hm.", 2, new int[0]);
    assertThat(draft.thinking()).isEqualTo("Hm.");
    assertThat(draft.lacksConclusion()).isFalse();

    draft.write("</think>\n", 1, new int[0]);

    assertThat(draft.lacksConclusion()).isTrue();
  }

  @Test
  void aDraftThatIsBegunAnewThinksAgain() {
    Draft draft = draft(1);
    draft.write("Hm.", 2, new int[0]);
    draft.close(ClosedBy.LOOP, CLOSING);

    draft.restart();

    assertThat(draft.isEmpty()).isTrue();
    assertThat(draft.isThinking()).isTrue();
    assertThat(draft.isForced()).isFalse();
  }

  private Draft draft(int branch) {
    return journal.draft(new Draft.Blank(branch(branch), 7, 100, null), null);
  }

  private java.util.UUID job() {
    return h2.jdbc.queryForObject("select id from job", java.util.UUID.class);
  }
}
