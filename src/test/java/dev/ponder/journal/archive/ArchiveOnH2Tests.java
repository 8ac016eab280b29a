package dev.ponder.journal.archive;

import static dev.ponder.journal.JournalOnH2.branch;
import static dev.ponder.journal.JournalOnH2.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.job.JobProblem;
import dev.ponder.job.Lease;
import dev.ponder.journal.Draft;
import dev.ponder.journal.History;
import dev.ponder.journal.JobJournal;
import dev.ponder.journal.JournalOnH2;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A job's way into the archive and back, without a service.
class ArchiveOnH2Tests {

  private final JournalOnH2 h2 = new JournalOnH2();
  private final Archive archive = h2.archive();

  /// A job that failed with two finished thoughts and one that was interrupted.
  private UUID over() {
    UUID job = h2.job();
    Lease lease = h2.claim();
    JobJournal journal = h2.open(lease);
    journal.enter(Stage.DEEP_EXPLORATION, 1);
    finish(journal.draft(new Draft.Blank(branch(1), 7, 100, "a prompt"), null), 40);
    finish(journal.draft(new Draft.Blank(branch(2), 8, 100, null), null), 2);
    tokens(journal.draft(new Draft.Blank(branch(3), 9, 100, null), null), 0, 10);
    Draft noIds = journal.draft(new Draft.Blank(branch(4), 9, 100, null), null);
    noIds.write("no ids", 4, new int[0]);
    journal.fail("no model");
    return job;
  }

  private static void finish(Draft draft, int tokens) {
    tokens(draft, 0, tokens);
    draft.write("</think>13", 1, new int[0]);
    draft.breakOff(Thought.ClosedBy.BUDGET);
    draft.finish(Duration.ofMillis(3), false);
  }

  @Test
  void whatComesBackIsWhatWasPutAway() {
    UUID job = over();
    History before = h2.journals().history(job);
    List<?> lines = h2.entries(job, 0, 100);
    List<Map<String, Object>> sizes =
        h2.jdbc.queryForList("select stage, branch, budget, stored, started_at from thought");

    assertThat(archive.archive(job)).isTrue();
    assertThat(h2.journals().history(job).finished()).isEmpty();
    assertThat(h2.entries(job, 0, 100)).isEmpty();
    assertThat(rows("chunk")).isZero();
    assertThat(stored(job)).isEqualTo(packed(job)).isPositive();
    archive.restore(job);

    History after = h2.journals().history(job);
    assertThat(after.finished()).isEqualTo(before.finished()).hasSize(2);
    assertThat(after.lastSeq()).isEqualTo(before.lastSeq());
    assertThat(after.running()).hasSize(2);
    before
        .running()
        .forEach(
            (key, left) -> {
              assertThat(after.running().get(key).text()).isEqualTo(left.text());
              assertThat(after.running().get(key).ids()).isEqualTo(left.ids());
              assertThat(after.running().get(key).seed()).isEqualTo(left.seed());
            });
    assertThat(h2.entries(job, 0, 100)).isEqualTo(lines);
    assertThat(
            h2.jdbc.queryForList("select stage, branch, budget, stored, started_at from thought"))
        .containsExactlyInAnyOrderElementsOf(sizes);
    assertThat(rows("archive_part")).isZero();
    assertThat(stored(job)).isZero();
  }

  @Test
  void eachWayIsGoneOnce() {
    UUID job = over();

    archive.restore(job);
    assertThat(archive.archive(job)).isTrue();
    long parts = rows("archive_part");
    assertThat(archive.archive(job)).isFalse();
    assertThat(rows("archive_part")).isEqualTo(parts);
    archive.restore(job);
    archive.restore(job);

    assertThat(h2.journals().thoughts(job)).hasSize(2);
    assertThat(archive.archive(UUID.randomUUID())).isFalse();
  }

  @Test
  void aJobThatRunsStays() {
    UUID job = h2.job();
    h2.open(h2.claim()).enter(Stage.INITIAL_ANALYSIS, 1);

    assertThat(archive.archive(job)).isFalse();
    assertThat(h2.entries(job, 0, 10)).hasSize(1);
  }

  @Test
  void anArchiveThatIsDamagedIsSaidAndStays() {
    UUID job = over();
    archive.archive(job);
    h2.jdbc.update("update archive_part set packed = packed || X'00' where section = 1");

    assertThatThrownBy(() -> archive.restore(job))
        .isInstanceOf(JobProblem.Damaged.class)
        .hasMessageContaining("part 0");

    assertThat(rows("archive_part")).isPositive();
    assertThat(rows("thought")).isZero();
    assertThat(archive.find(job)).isPresent();
    assertThatThrownBy(() -> archive.texts(job)).isInstanceOf(JobProblem.Damaged.class);
  }

  @Test
  void partsThatCannotBeReadTogetherAreDamaged() {
    UUID job = over();
    archive.archive(job);
    byte[] nonsense = {1, 2, 3};
    h2.jdbc.update(
        "update archive_part set packed = ?, sha256 = ? where section = 0",
        nonsense,
        Original.hash(nonsense));

    assertThatThrownBy(() -> archive.find(job)).isInstanceOf(JobProblem.Damaged.class);
  }

  @Test
  void aLargeJobIsCutIntoParts() {
    UUID job = h2.job();
    JobJournal journal = h2.open(h2.claim());
    var noise = new StringBuilder();
    new java.util.Random(1).ints(900_000, 0x4e00, 0x9fff).forEach(noise::appendCodePoint);
    Draft draft = journal.draft(new Draft.Blank(branch(1), 1, 10, null), null);
    draft.write(noise.toString(), 1, new int[0]);
    Thought thought = draft.finish(Duration.ZERO, false);
    journal.fail("over");

    archive.archive(job);
    long parts = rows("archive_part");
    archive.restore(job);

    assertThat(parts).isGreaterThan(3);
    assertThat(h2.journals().thoughts(job)).containsExactly(thought);
  }

  @Test
  void theOldestAreDueFirstAndTheRestoredLast() {
    UUID first = over();
    h2.now = h2.now.plusSeconds(10);
    UUID second = over();
    h2.now = h2.now.plusSeconds(10);
    UUID third = over();
    Instant soon = h2.now.plusSeconds(1);

    List<Archive.Due> due = archive.due(soon, Archive.Due.FIRST, 2);
    assertThat(due).extracting(Archive.Due::job).containsExactly(first, second);
    assertThat(archive.due(soon, due.getLast(), 2))
        .extracting(Archive.Due::job)
        .containsExactly(third);
    assertThat(archive.due(h2.now, Archive.Due.FIRST, 9)).isEqualTo(due);
    assertThat(archive.isArchived(due.getFirst())).isTrue();
    assertThat(archive.isArchived(due.getFirst())).isFalse();
    assertThat(archive.due(h2.now, Archive.Due.FIRST, 9)).hasSize(1);
    archive.restore(first);
    assertThat(archive.due(h2.now, Archive.Due.FIRST, 9)).hasSize(1);
    assertThat(archive.due(soon, Archive.Due.FIRST, 9)).hasSize(3);
  }

  @Test
  void anOriginalThatIsDamagedKeepsItsJobWhereItIs() {
    UUID job = over();
    h2.jdbc.update(
        "insert into cold_thought (thought_id, packed, sha256)"
            + " select id, X'00', X'00' from thought where branch = 1");
    h2.jdbc.update("update thought set text = null, packed = null where branch = 1");

    assertThat(
            archive.isArchived(archive.due(h2.now.plusSeconds(1), Archive.Due.FIRST, 1).getFirst()))
        .isFalse();

    assertThat(rows("archive_part")).isZero();
    assertThat(h2.entries(job, 0, 100)).isNotEmpty();
  }

  private long rows(String table) {
    return h2.jdbc.queryForObject("select count(*) from " + table, Long.class);
  }

  private long stored(UUID job) {
    return h2.jdbc.queryForObject("select stored from job where id = ?", Long.class, job);
  }

  private long packed(UUID job) {
    return h2.jdbc.queryForObject(
        "select sum(octet_length(packed)) from archive_part where job_id = ?", Long.class, job);
  }
}
