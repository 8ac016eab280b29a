package dev.ponder.journal.archive;

import dev.ponder.job.JobProblem;
import dev.ponder.journal.JournalSettings;
import dev.ponder.journal.StoredText;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The thoughts that the sweep compresses. Each of its writes is one transaction that begins by
/// changing the thought's row if the sweep has not touched it before: one that comes late, from
/// another node or from a node that was frozen, changes nothing.
///
/// The run of a job reads originals, wherever they lie, so nothing that is done here changes what
/// it knows.
@Component
public class SweptThoughts {

  /// The stage that a thought belongs to is over: its job has moved on, or is over itself.
  private static final String DUE =
      """
      select t.id, t.job_id, t.stage, t.visit, t.branch, t.tokens, j.model, j.pipeline_hash
      from thought t join job j on j.id = t.job_id
      where t.swept is null and t.finished_at is not null
        and (j.finished_at is not null or t.stage <> j.stage or t.visit < j.visit)
      """;

  private final JdbcTemplate jdbc;
  private final NamedParameterJdbcTemplate named;
  private final TransactionTemplate transaction;
  private final JournalSettings settings;

  public SweptThoughts(JdbcTemplate jdbc, DataSource database, JournalSettings settings) {
    this.jdbc = jdbc;
    this.named = new NamedParameterJdbcTemplate(jdbc);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.settings = settings;
  }

  /// A thought that may be compressed.
  ///
  /// @param id of its row
  public record Due(
      long id, UUID job, ThoughtKey key, int tokens, String model, String pipelineHash) {}

  /// The finished thoughts of stages that are over, oldest first, that no sweep has looked at.
  ///
  /// @param after the row of the last one that was seen; 0 to begin
  /// @param models those whose thoughts are left out
  public List<Due> due(long after, Collection<String> models, int limit) {
    return due(
        "and t.id > :after" + (models.isEmpty() ? "" : " and j.model not in (:models)"),
        new MapSqlParameterSource()
            .addValue("after", after)
            .addValue("models", models)
            .addValue("limit", limit));
  }

  private List<Due> due(String which, MapSqlParameterSource parameters) {
    return named.query(
        DUE + which + " order by t.id limit :limit",
        parameters,
        (row, n) ->
            new Due(
                row.getLong("id"),
                row.getObject("job_id", UUID.class),
                ThoughtRows.key(row),
                row.getInt("tokens"),
                row.getString("model"),
                row.getString("pipeline_hash")));
  }

  /// A thought as it was written, if it is still there.
  ///
  /// @throws JobProblem.Damaged if it is not what was put away
  public Optional<Thought> original(UUID job, ThoughtKey key) {
    return jdbc
        .query(
            ThoughtRows.WITH_ORIGINALS
                + " where t.job_id = ? and t.stage = ? and t.visit = ? and t.branch = ?"
                + " and t.finished_at is not null",
            (row, n) -> ThoughtRows.original(row),
            job,
            key.stage().key(),
            key.visit(),
            key.branch())
        .stream()
        .findFirst();
  }

  /// A summary takes the thought's place, and the original goes into the cold. False if the thought
  /// is gone, or was looked at before.
  public boolean compress(Due due, Thought thought, String summary, int summaryTokens) {
    Original original = Original.of(thought.text());
    if (original.packed().length > StoredText.PACKED_MAX) {
      return leave(
          due,
          new SweepMark(
              SweepMark.What.UNNEEDED, "Its original is too large to be kept in one piece."));
    }
    long bytes =
        original.packed().length
            + StoredText.bytes(summary)
            + StoredText.bytes(thought.conclusion());
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              int changed =
                  jdbc.update(
                      """
                      update thought set text = null, packed = null, conclusion = ?, summary = ?,
                        summary_tokens = ?, swept = 'COMPRESSED', stored = ?
                      where id = ? and swept is null and finished_at is not null
                      """,
                      thought.conclusion(),
                      summary,
                      summaryTokens,
                      bytes,
                      due.id());
              if (changed == 1) {
                jdbc.update(
                    "insert into cold_thought (thought_id, packed, sha256) values (?, ?, ?)",
                    due.id(),
                    original.packed(),
                    original.hash());
              }
              return changed == 1;
            }));
  }

  /// The thought keeps its original, and no sweep looks at it again. False if it is gone, or was
  /// looked at before.
  public boolean leave(Due due, SweepMark mark) {
    return jdbc.update(
            "update thought set swept = ?, sweep_note = ? where id = ? and swept is null",
            mark.what().name(),
            mark.note(),
            due.id())
        == 1;
  }

  /// Takes the original back into the thought's place, for good: its summary is in doubt. Answers
  /// the thought as it was written.
  ///
  /// @param because who doubts it, and why
  /// @throws JobProblem.Damaged if the original is not what was put away; then nothing is changed
  public Optional<Thought> reinstate(UUID job, ThoughtKey key, String because) {
    return transaction.execute(
        status -> {
          Optional<Thought> original = original(job, key);
          original.ifPresent(thought -> reinstate(job, thought, because));
          return original;
        });
  }

  private void reinstate(UUID job, Thought thought, String because) {
    StoredText stored = StoredText.of(thought, settings.packFrom());
    ThoughtKey key = thought.key();
    int changed =
        jdbc.update(
            """
            update thought set text = ?, packed = ?, conclusion = ?, summary = null,
              summary_tokens = null, swept = 'REINSTATED', sweep_note = ?, stored = ?
            where job_id = ? and stage = ? and visit = ? and branch = ? and swept = 'COMPRESSED'
            """,
            stored.text(),
            stored.packed(),
            stored.conclusion(),
            new SweepMark(SweepMark.What.REINSTATED, because).note(),
            stored.bytes(),
            job,
            key.stage().key(),
            key.visit(),
            key.branch());
    if (changed == 1) {
      jdbc.update(
          """
          delete from cold_thought where thought_id = (
            select id from thought where job_id = ? and stage = ? and visit = ? and branch = ?)
          """,
          job,
          key.stage().key(),
          key.visit(),
          key.branch());
    }
  }
}
