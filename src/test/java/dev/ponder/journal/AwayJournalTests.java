package dev.ponder.journal;

import static dev.ponder.journal.JournalOnH2.branch;
import static dev.ponder.journal.JournalOnH2.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.job.LeaseLost;
import dev.ponder.stage.Stage;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;
import org.springframework.dao.DataAccessException;

/// What a run does while its database takes no writes.
@Timeout(60)
class AwayJournalTests {

  private final JournalOnH2 h2 = new JournalOnH2(settings(Duration.ofMinutes(1)));
  private final UUID job = h2.job();
  private final JobJournal journal = h2.open(h2.claim());

  /// Up to 16 tokens of a thought may be unwritten.
  private static JournalSettings settings(Duration waitMax) {
    return new JournalSettings(4, Duration.ofDays(1), 100, 16, Duration.ofMillis(1), waitMax);
  }

  @Test
  void aThoughtGoesOnAndIsWrittenInItsOrderWhenTheDatabaseIsBack() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    h2.faults.isAway();
    tokens(draft, 0, 12);

    while (h2.trouble.health().getStatus() == Status.UP) {
      Thread.onSpinWait();
    }
    assertThat(h2.trouble.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(h2.trouble.health().getDetails())
        .containsEntry("since", "2026-11-27T10:00:00Z")
        .containsEntry("cause", "The database of the test is away")
        .containsEntry("writersWaiting", 1);
    h2.faults.isBack();
    draft.flush();

    assertThat(h2.trouble.health().getStatus()).isEqualTo(Status.UP);
    History.Interrupted left = h2.journals.history(job).running().get(branch(1));
    assertThat(left.text()).isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 ");
    assertThat(left.ids()).hasSize(12);
  }

  @Test
  void aThoughtWaitsWhenTooMuchOfItIsUnwritten() throws Exception {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    h2.faults.isAway();
    tokens(draft, 0, 16);

    CompletableFuture<Void> more = CompletableFuture.runAsync(() -> tokens(draft, 16, 4));
    assertThat(more.completeOnTimeout(null, 200, TimeUnit.MILLISECONDS).isDone()).isFalse();
    h2.faults.isBack();
    more.get(30, TimeUnit.SECONDS);
    draft.flush();

    assertThat(h2.journals.interrupted(job).get(branch(1)).tokens()).isEqualTo(20);
  }

  /// The row with the first chunk, the chunk, and the commits behind them.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aChunkWhoseAnswerIsLostIsWrittenOnce(int write) {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    h2.faults.losesAnswerOf(write);

    tokens(draft, 0, 12);
    draft.flush();

    assertThat(h2.journals.interrupted(job).get(branch(1)).text())
        .isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 ");
    assertThat(h2.count("select count(*) from thought")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anEndWhoseAnswerIsLostIsWrittenOnce(int write) {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 4);
    h2.faults.losesAnswerOf(write);

    draft.finish(Duration.ZERO, false);
    journal.enter(Stage.SYNTHESIS, 1);

    assertThat(h2.journals.thoughts(job)).hasSize(1);
    assertThat(h2.count("select count(*) from journal")).isEqualTo(2);
    assertThat(h2.count("select count(*) from chunk")).isZero();
  }

  @Test
  void whoWaitsTooLongFails() {
    var brief = new JournalOnH2(settings(Duration.ofMillis(30)));
    brief.job();
    JobJournal own = brief.open(brief.claim());
    Draft draft = own.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    brief.faults.isFull();
    tokens(draft, 0, 4);

    assertThatThrownBy(draft::flush).isInstanceOf(DataAccessException.class);
    assertThatThrownBy(() -> own.enter(Stage.SYNTHESIS, 1)).isInstanceOf(DataAccessException.class);

    assertThat(brief.trouble.health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void whoIsStoppedWaitsNoLonger() {
    h2.stopped = true;
    h2.faults.isFull();

    assertThatThrownBy(() -> journal.enter(Stage.SYNTHESIS, 1))
        .isInstanceOf(DataAccessException.class);
  }

  @Test
  void whoWasReplacedMeanwhileIsToldSo() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);
    tokens(draft, 0, 4);
    h2.claim();
    h2.faults.losesAnswerOf(1);

    assertThatThrownBy(
            () -> {
              tokens(draft, 4, 4);
              draft.flush();
            })
        .isInstanceOf(LeaseLost.class);
  }

  @Test
  void aStatementThatIsRefusedIsNotRepeated() {
    Draft draft = journal.draft(new Draft.Blank(branch(1), 7, 100, null), null);

    assertThatThrownBy(() -> draft.write("x".repeat(1_000_001), 5, new int[0]))
        .isInstanceOf(DataAccessException.class);

    assertThat(h2.trouble.health().getStatus()).isEqualTo(Status.UP);
  }
}
