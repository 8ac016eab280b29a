package dev.ponder.journal;

import dev.ponder.job.JobLeases;
import dev.ponder.job.JobProblem;
import dev.ponder.job.Lease;
import dev.ponder.journal.archive.ThoughtRows;
import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.time.Threads;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The journals of all jobs: opens one for writing under a lease, and reads any.
@Component
public class Journals {

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final JobLeases leases;
  private final JournalSettings settings;
  private final DatabaseTrouble trouble;
  private final Threads threads;
  private final InstantSource time;

  public Journals(
      JdbcTemplate jdbc,
      DataSource database,
      JobLeases leases,
      JournalSettings settings,
      DatabaseTrouble trouble,
      Threads threads,
      InstantSource time) {
    this.jdbc = jdbc;
    // The journal is plain SQL: a transaction of JPA would open a persistence context each time.
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.leases = leases;
    this.settings = settings;
    this.trouble = trouble;
    this.threads = threads;
    this.time = time;
  }

  /// Opens the journal of a job for the one run that holds its lease.
  ///
  /// @param stopped whether the run has to end: then it waits no longer for a database that is away
  public JobJournal open(Lease lease, History history, BooleanSupplier stopped) {
    var writes = new FencedWrites(jdbc, lease, settings.packFrom());
    var steady = new SteadyWrites(trouble, settings, threads, stopped);
    return new JobJournal(
        writes, steady, transaction, leases.held(lease), lease, settings, time, history.lastSeq());
  }

  /// What is durable of a job's thinking.
  public History history(UUID job) {
    Long last =
        jdbc.queryForObject(
            """
            select greatest(
              (select coalesce(max(seq), 0) from journal where job_id = ?),
              (select coalesce(max(c.seq), 0) from chunk c
                join thought t on t.id = c.thought_id where t.job_id = ?))
            """,
            Long.class,
            job,
            job);
    if (last == null || last == 0) {
      return new History(List.of(), Map.of(), 0, null, List.of());
    }
    return new History(thoughts(job), interrupted(job), last, sentBack(job), judgements(job));
  }

  /// The finished thoughts of a job as they were written, in the order they were finished.
  ///
  /// @throws JobProblem.Damaged if the original of one is not what was put away
  public List<Thought> thoughts(UUID job) {
    return jdbc.query(
        ThoughtRows.WITH_ORIGINALS
            + " where t.job_id = ? and t.finished_at is not null order by t.finished_at, t.id",
        (row, n) -> ThoughtRows.original(row),
        job);
  }

  /// The thoughts of a job that are not finished, as far as they are durable.
  public Map<ThoughtKey, History.Interrupted> interrupted(UUID job) {
    Map<ThoughtKey, List<Chunk>> chunks = new LinkedHashMap<>();
    jdbc.query(
        """
        select t.id, t.seed, t.stage, t.visit, t.branch, c.tokens, c.text, c.ids
        from thought t join chunk c on c.thought_id = t.id
        where t.job_id = ? order by t.id, c.from_token
        """,
        row -> {
          var chunk =
              new Chunk(
                  row.getLong("id"),
                  row.getLong("seed"),
                  row.getInt("tokens"),
                  row.getString("text"),
                  row.getBytes("ids"));
          chunks.computeIfAbsent(ThoughtRows.key(row), key -> new ArrayList<>()).add(chunk);
        },
        job);
    Map<ThoughtKey, History.Interrupted> interrupted = new LinkedHashMap<>();
    Map<Long, List<Fold>> folds = folds(job);
    chunks.forEach(
        (key, list) ->
            interrupted.put(
                key, joined(list, folds.getOrDefault(list.getFirst().thought(), List.of()))));
    return interrupted;
  }

  /// What stands for the older parts of a job's running thoughts, by the ids of their rows.
  private Map<Long, List<Fold>> folds(UUID job) {
    Map<Long, List<Fold>> folds = new LinkedHashMap<>();
    jdbc.query(
        """
        select f.* from fold f join thought t on t.id = f.thought_id
        where t.job_id = ? order by f.thought_id, f.number
        """,
        row -> {
          folds
              .computeIfAbsent(row.getLong("thought_id"), id -> new ArrayList<>())
              .add(
                  new Fold(
                      row.getInt("number"),
                      row.getInt("upto_char"),
                      row.getInt("upto_token"),
                      row.getInt("upto_id"),
                      row.getString("insights")));
        },
        job);
    return folds;
  }

  public static JournalEntry entry(ResultSet row) throws SQLException {
    return new JournalEntry(
        row.getLong("seq"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getLong("epoch"),
        JournalEntry.Kind.valueOf(row.getString("kind")),
        row.getString("stage"),
        (Integer) row.getObject("visit"),
        (Integer) row.getObject("branch"),
        (Integer) row.getObject("tokens"),
        (Integer) row.getObject("again"),
        row.getString("note"));
  }

  private List<JudgementNote> judgements(UUID job) {
    return jdbc
        .queryForList(
            "select note from journal where job_id = ? and kind = 'ANSWERS_JUDGED' order by seq",
            String.class,
            job)
        .stream()
        .flatMap(note -> JudgementNote.read(note).stream())
        .toList();
  }

  private @Nullable String sentBack(UUID job) {
    return jdbc
        .queryForList(
            "select note from journal where job_id = ? and kind = 'SENT_BACK' order by seq",
            String.class,
            job)
        .stream()
        .findFirst()
        .orElse(null);
  }

  private record Chunk(long thought, long seed, int tokens, String text, byte[] ids) {}

  private static History.Interrupted joined(List<Chunk> chunks, List<Fold> folds) {
    var text = new StringBuilder();
    int tokens = 0;
    boolean allIds = true;
    for (Chunk chunk : chunks) {
      text.append(chunk.text());
      tokens += chunk.tokens();
      allIds &= chunk.ids() != null;
    }
    int[] ids = new int[0];
    if (allIds) {
      var packed = ByteBuffer.allocate(chunks.stream().mapToInt(c -> c.ids().length).sum());
      chunks.forEach(chunk -> packed.put(chunk.ids()));
      ids = new int[packed.flip().remaining() / Integer.BYTES];
      packed.asIntBuffer().get(ids);
    }
    Chunk first = chunks.getFirst();
    return new History.Interrupted(
        first.thought(), first.seed(), text.toString(), tokens, ids, folds);
  }
}
