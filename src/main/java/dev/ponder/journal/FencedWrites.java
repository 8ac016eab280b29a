package dev.ponder.journal;

import dev.ponder.job.HeldJob;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseLost;
import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/// The statements of a run. Each checks the epoch of the run's lease where it writes, so an owner
/// that was replaced while it slept changes nothing. The check locks the job's row: a write that
/// meets a claim under way waits for it and is then refused, instead of slipping in behind the
/// back of a new owner who has already read the journal.
final class FencedWrites {

  private static final String OWNED =
      " from job where id = ? and epoch = ? and status = " + HeldJob.STATUS + " for update";

  private final JdbcTemplate jdbc;
  private final Lease lease;
  private final int packFrom;

  /// @param packFrom characters from which the text of a finished thought is packed
  FencedWrites(JdbcTemplate jdbc, Lease lease, int packFrom) {
    this.jdbc = jdbc;
    this.lease = lease;
    this.packFrom = packFrom;
  }

  /// Writes the row of a thought that starts. Answers its id.
  long begin(ThoughtKey key, long seed, int budget, Instant now) {
    var keys = new GeneratedKeyHolder();
    int written =
        jdbc.update(
            connection -> {
              var insert =
                  connection.prepareStatement(
                      """
                      insert into thought (job_id, stage, visit, branch, seed, budget, started_at,
                        tokens, thinking_tokens, decode_millis)
                      select id, ?, ?, ?, ?, ?, ?, 0, 0, 0
                      """
                          + OWNED,
                      new String[] {"id"});
              insert.setString(1, key.stage().key());
              insert.setInt(2, key.visit());
              insert.setInt(3, key.branch());
              insert.setLong(4, seed);
              insert.setInt(5, budget);
              insert.setObject(6, at(now));
              insert.setObject(7, lease.job());
              insert.setLong(8, lease.epoch());
              return insert;
            },
            keys);
    check(written);
    return keys.getKeyAs(Long.class);
  }

  /// The id of the row of a thought.
  long rowOf(ThoughtKey key) {
    return jdbc.queryForObject(
        "select id from thought where job_id = ? and stage = ? and visit = ? and branch = ?",
        Long.class,
        lease.job(),
        key.stage().key(),
        key.visit(),
        key.branch());
  }

  void append(long thought, long seq, Backlog.Chunk chunk) {
    check(
        jdbc.update(
            "insert into chunk (thought_id, from_token, tokens, seq, text, ids)"
                + " select cast(? as bigint), ?, ?, ?, ?, ?"
                + OWNED,
            thought,
            chunk.fromToken(),
            chunk.tokens(),
            seq,
            chunk.text(),
            chunk.ids(),
            lease.job(),
            lease.epoch()));
  }

  /// Takes a running thought away, chunks and all. The epoch is checked by itself: a delete that is
  /// repeated finds nothing, which would look like a lease that is lost.
  void withdraw(long thought) {
    check(jdbc.queryForList("select id" + OWNED, UUID.class, lease.job(), lease.epoch()).size());
    jdbc.update("delete from thought where id = ? and finished_at is null", thought);
  }

  /// Insights stand for the older part of a running thought from now on.
  void fold(long thought, Fold fold) {
    check(
        jdbc.update(
            "insert into fold (thought_id, number, upto_char, upto_token, upto_id, insights)"
                + " select cast(? as bigint), ?, ?, ?, ?, ?"
                + OWNED,
            thought,
            fold.number(),
            fold.uptoChar(),
            fold.uptoToken(),
            fold.uptoId(),
            fold.insights(),
            lease.job(),
            lease.epoch()));
  }

  /// The chunks of a thought become its one row.
  void finish(long thought, Thought finished, long decodeMillis, Instant now) {
    StoredText stored = StoredText.of(finished, packFrom);
    check(
        jdbc.update(
            """
            update thought set finished_at = ?, text = ?, packed = ?, conclusion = ?, tokens = ?,
              thinking_tokens = ?, closed_by = ?, decode_millis = ?, stored = ?
            where id = ? and exists (select 1
            """
                + OWNED
                + ")",
            at(now),
            stored.text(),
            stored.packed(),
            stored.conclusion(),
            finished.tokens(),
            finished.thinkingTokens(),
            finished.closedBy().name(),
            decodeMillis,
            stored.bytes(),
            thought,
            lease.job(),
            lease.epoch()));
    jdbc.update("delete from chunk where thought_id = ?", thought);
  }

  /// A finished thought needs no insights that stand for parts of it.
  void unfold(long thought) {
    jdbc.update("delete from fold where thought_id = ?", thought);
  }

  /// A thought so short that it never had a chunk becomes a row at once.
  void insertFinished(
      Thought finished, int budget, Instant started, long decodeMillis, Instant now) {
    StoredText stored = StoredText.of(finished, packFrom);
    check(
        jdbc.update(
            """
            insert into thought (job_id, stage, visit, branch, seed, budget, started_at,
              finished_at, text, packed, conclusion, tokens, thinking_tokens, closed_by,
              decode_millis, stored)
            select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            """
                + OWNED,
            finished.key().stage().key(),
            finished.key().visit(),
            finished.key().branch(),
            finished.seed(),
            budget,
            at(started),
            at(now),
            stored.text(),
            stored.packed(),
            stored.conclusion(),
            finished.tokens(),
            finished.thinkingTokens(),
            finished.closedBy().name(),
            decodeMillis,
            stored.bytes(),
            lease.job(),
            lease.epoch()));
  }

  void enter(JournalEntry entry) {
    check(
        jdbc.update(
            """
            insert into journal (job_id, seq, at, epoch, kind, stage, visit, branch, tokens, again, note)
            select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            """
                + " from job where id = ? and epoch = ? for update",
            entry.seq(),
            at(entry.at()),
            entry.epoch(),
            entry.kind().name(),
            entry.stage(),
            entry.visit(),
            entry.branch(),
            entry.tokens(),
            entry.again(),
            entry.note(),
            lease.job(),
            lease.epoch()));
  }

  private void check(int written) {
    if (written == 0) {
      throw new LeaseLost(lease);
    }
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
