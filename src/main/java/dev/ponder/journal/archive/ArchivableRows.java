package dev.ponder.journal.archive;

import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.Journals;
import dev.ponder.journal.StoredText;
import dev.ponder.journal.archive.ArchivedJob.Item;
import dev.ponder.memory.Thought;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/// All that one job has in `thought`, `cold_thought`, `chunk` and `journal`, taken out and put back
/// by the archive. Used inside its transactions, with the job's row locked.
final class ArchivableRows {

  private final JdbcTemplate jdbc;
  private final int packFrom;

  /// @param packFrom characters from which the text of a thought is packed
  ArchivableRows(JdbcTemplate jdbc, int packFrom) {
    this.jdbc = jdbc;
    this.packFrom = packFrom;
  }

  /// A job as the archive keeps it: what there is, and the texts in the same order.
  record Whole(ArchivedJob job, List<ArchivedJob.Text> texts) {}

  private record Chunk(ArchivedJob.Place place, ArchivedJob.Piece piece) {}

  Whole read(UUID job) {
    Map<Long, List<Chunk>> chunks = chunks(job);
    List<Item> items = new ArrayList<>();
    List<ArchivedJob.Text> texts = new ArrayList<>();
    jdbc.query(
        ThoughtRows.WITH_ORIGINALS + " where t.job_id = ? order by t.finished_at, t.id",
        row -> {
          boolean finished = row.getObject("finished_at") != null;
          String text = finished ? ThoughtRows.originalText(row) : null;
          List<Chunk> own = chunks.getOrDefault(row.getLong("id"), List.of());
          items.add(item(row, text, own.stream().map(Chunk::place).toList()));
          texts.add(new ArchivedJob.Text(text, own.stream().map(Chunk::piece).toList()));
        },
        job);
    List<JournalEntry> journal =
        jdbc.query(
            "select * from journal where job_id = ? order by seq",
            (row, n) -> Journals.entry(row),
            job);
    return new Whole(new ArchivedJob(ArchivedJob.VERSION, journal, items), texts);
  }

  private Map<Long, List<Chunk>> chunks(UUID job) {
    Map<Long, List<Chunk>> chunks = new HashMap<>();
    jdbc.query(
        """
        select c.thought_id, c.from_token, c.tokens, c.seq, c.text, c.ids
        from thought t join chunk c on c.thought_id = t.id
        where t.job_id = ? order by t.id, c.from_token
        """,
        row -> {
          var place =
              new ArchivedJob.Place(
                  row.getInt("from_token"), row.getInt("tokens"), row.getLong("seq"));
          var piece = new ArchivedJob.Piece(row.getString("text"), row.getBytes("ids"));
          chunks
              .computeIfAbsent(row.getLong("thought_id"), id -> new ArrayList<>())
              .add(new Chunk(place, piece));
        },
        job);
    return chunks;
  }

  private static Item item(ResultSet row, @Nullable String text, List<ArchivedJob.Place> chunks)
      throws SQLException {
    SweepMark mark = ThoughtRows.mark(row);
    String closedBy = row.getString("closed_by");
    byte[] hash = row.getBytes("sha256");
    return new Item(
        row.getString("stage"),
        row.getInt("visit"),
        row.getInt("branch"),
        row.getLong("seed"),
        row.getInt("budget"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        text == null ? null : row.getObject("finished_at", OffsetDateTime.class).toInstant(),
        row.getInt("tokens"),
        row.getInt("thinking_tokens"),
        closedBy == null ? null : Thought.ClosedBy.valueOf(closedBy),
        row.getLong("decode_millis"),
        text == null ? null : ThoughtRows.original(row).conclusion(),
        row.getString("summary"),
        (Integer) row.getObject("summary_tokens"),
        mark == null ? null : mark.what(),
        mark == null ? null : mark.note(),
        hash == null ? null : HexFormat.of().formatHex(hash),
        chunks);
  }

  /// Chunks and cold originals go with the thoughts they belong to.
  void remove(UUID job) {
    jdbc.update("delete from thought where job_id = ?", job);
    jdbc.update("delete from journal where job_id = ?", job);
  }

  void write(UUID job, ArchivedJob whole, List<ArchivedJob.Text> texts) {
    for (int i = 0; i < whole.thoughts().size(); i++) {
      write(job, whole.thoughts().get(i), texts.get(i));
    }
    for (JournalEntry line : whole.journal()) {
      jdbc.update(
          """
          insert into journal (job_id, seq, at, epoch, kind, stage, visit, branch, tokens, again, note)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
          job,
          line.seq(),
          at(line.at()),
          line.epoch(),
          line.kind().name(),
          line.stage(),
          line.visit(),
          line.branch(),
          line.tokens(),
          line.again(),
          line.note());
    }
  }

  private void write(UUID job, Item item, ArchivedJob.Text text) {
    String whole = text.whole();
    boolean cold = item.swept() == SweepMark.What.COMPRESSED;
    if (whole != null && item.sha256() != null) {
      Original.verify(whole, item.sha256(), job, item.key());
    }
    Original original = cold ? Original.of(whole) : null;
    StoredText stored =
        whole == null || cold
            ? new StoredText(null, null, cold ? item.conclusion() : null)
            : StoredText.of(whole, item.conclusion(), packFrom);
    long thought = insert(job, item, stored, original);
    if (original != null) {
      jdbc.update(
          "insert into cold_thought (thought_id, packed, sha256) values (?, ?, ?)",
          thought,
          original.packed(),
          original.hash());
    }
    for (int i = 0; i < item.chunks().size(); i++) {
      ArchivedJob.Place place = item.chunks().get(i);
      ArchivedJob.Piece piece = text.chunks().get(i);
      jdbc.update(
          "insert into chunk (thought_id, from_token, tokens, seq, text, ids) values (?, ?, ?, ?, ?, ?)",
          thought,
          place.fromToken(),
          place.tokens(),
          place.seq(),
          piece.text(),
          piece.ids());
    }
  }

  private long insert(UUID job, Item item, StoredText stored, @Nullable Original original) {
    long bytes =
        stored.bytes()
            + StoredText.bytes(item.summary())
            + (original == null ? 0 : original.packed().length);
    var keys = new GeneratedKeyHolder();
    Object[] values = {
      job,
      item.stage(),
      item.visit(),
      item.branch(),
      item.seed(),
      item.budget(),
      at(item.startedAt()),
      item.finishedAt() == null ? null : at(item.finishedAt()),
      stored.text(),
      stored.packed(),
      stored.conclusion(),
      item.tokens(),
      item.thinkingTokens(),
      item.closedBy() == null ? null : item.closedBy().name(),
      item.decodeMillis(),
      item.summary(),
      item.summaryTokens(),
      item.swept() == null ? null : item.swept().name(),
      item.sweepNote(),
      bytes
    };
    jdbc.update(
        connection -> {
          var insert =
              connection.prepareStatement(
                  """
                  insert into thought (job_id, stage, visit, branch, seed, budget, started_at,
                    finished_at, text, packed, conclusion, tokens, thinking_tokens, closed_by,
                    decode_millis, summary, summary_tokens, swept, sweep_note, stored)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """,
                  new String[] {"id"});
          for (int i = 0; i < values.length; i++) {
            insert.setObject(i + 1, values[i]);
          }
          return insert;
        },
        keys);
    return keys.getKeyAs(Long.class);
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
