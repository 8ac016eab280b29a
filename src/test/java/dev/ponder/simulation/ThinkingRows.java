package dev.ponder.simulation;

import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// The rows of what jobs think: the journal only grows, a finished thought stays as it is, and
/// every text is the one that was decoded. Each look says whether something new is there.
final class ThinkingRows {

  private final Verdict verdict;
  private final int chunkTokens;
  private final PreparedStatement journal;
  private final PreparedStatement thoughts;
  private final PreparedStatement chunks;
  private final Map<Long, Map<ThoughtKey, Script>> scripts = new HashMap<>();

  ThinkingRows(Verdict verdict, Connection database, int chunkTokens) throws SQLException {
    this.verdict = verdict;
    this.chunkTokens = chunkTokens;
    journal =
        database.prepareStatement(
            "select seq, epoch, kind, stage, visit, branch from journal where job_id = ? order by seq");
    thoughts =
        database.prepareStatement(
            "select t.id, t.stage, t.visit, t.branch, t.text, t.tokens, t.finished_at,"
                + " coalesce(t.packed, c.packed), t.swept, t.summary from thought t"
                + " left join cold_thought c on c.thought_id = t.id where t.job_id = ?");
    chunks =
        database.prepareStatement(
            "select c.thought_id, t.stage, t.visit, t.branch, t.finished_at, c.from_token, c.tokens, c.text"
                + " from thought t join chunk c on c.thought_id = t.id where t.job_id = ?"
                + " order by c.thought_id, c.from_token");
  }

  /// What the thoughts of the job with this seed are going to be.
  void knows(long seed, Map<ThoughtKey, Script> itsScripts) {
    scripts.put(seed, itsScripts);
  }

  /// Whether it has grown.
  boolean lookAtJournal(UUID job, Seen seen) throws SQLException {
    journal.setObject(1, job);
    int before = seen.lines.size();
    int n = 0;
    try (ResultSet row = journal.executeQuery()) {
      while (row.next()) {
        long seq = row.getLong(1);
        String what = what(row);
        String line = seq + " " + what;
        if (seen.lines.contains(line)) {
          // As it was.
        } else {
          verdict.say(job, "journal " + line);
          verdict.require(
              seen.lines.stream().noneMatch(old -> old.substring(old.indexOf(' ') + 1).equals(what))
                  || isRepeatable(row.getString(3)),
              "Job %s has '%s' twice in its journal",
              job,
              what);
          verdict.require(
              row.getLong(2) == seen.epoch,
              "A line of epoch %d was taken for job %s, whose epoch is %d",
              row.getLong(2),
              job,
              seen.epoch);
          seen.lines.add(line);
          if (row.getString(3).equals("THOUGHT_FINISHED")) {
            seen.told.add(key(row, 4));
          }
        }
        n++;
      }
    }
    verdict.require(n >= seen.lines.size(), "The journal of job %s has lost lines", job);
    return seen.lines.size() > before;
  }

  private static String what(ResultSet row) throws SQLException {
    String stage = row.getString(4);
    String kind = row.getString(3);
    return stage == null
        ? kind
        : "%s %s.%s.%s".formatted(kind, stage, row.getString(5), row.getString(6));
  }

  /// What may happen to a job more than once.
  private static boolean isRepeatable(String kind) {
    return kind.equals("PAUSED")
        || kind.equals("THOUGHT_RESUMED")
        || kind.equals("ENGINE_AWAY")
        || kind.equals("ENGINE_BACK")
        || kind.equals("CLAIMED");
  }

  boolean lookAtThoughts(UUID job, Seen seen) throws SQLException {
    boolean changed = false;
    int finished = 0;
    thoughts.setObject(1, job);
    try (ResultSet row = thoughts.executeQuery()) {
      while (row.next()) {
        if (row.getObject(7) == null) {
          continue;
        }
        finished++;
        verdict.require(
            "COMPRESSED".equals(row.getString(9)) == (row.getString(10) != null),
            "A thought of job %s has half a summary",
            job);
        ThoughtKey key = key(row, 2);
        String text = text(row);
        String before = seen.finished.putIfAbsent(key, text);
        verdict.require(
            before == null || before.equals(text),
            "Thought %s of job %s has changed",
            key.id(),
            job);
        if (before == null) {
          changed = true;
          checkText(job, seen, key, text, row.getInt(6));
        }
      }
    }
    verdict.require(finished == seen.finished.size(), "Job %s has lost a finished thought", job);
    verdict.require(
        seen.told.equals(seen.finished.keySet()),
        "Job %s has the thoughts %s, and its journal tells of %s",
        job,
        seen.finished.keySet(),
        seen.told);
    return changed;
  }

  private static String text(ResultSet row) throws SQLException {
    byte[] packed = row.getBytes(8);
    return packed == null ? row.getString(5) : inflated(packed);
  }

  private static String inflated(byte[] packed) {
    try (var text = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("What was packed cannot be read", e);
    }
  }

  private void checkText(UUID job, Seen seen, ThoughtKey key, String text, int tokens) {
    Script.@Nullable Place place = script(job, seen, key).after(text);
    verdict.require(
        place != null, "Thought %s of job %s is not what was decoded: %s", key.id(), job, text);
    int decoded = place == null ? 0 : place.tokens();
    // A piece that is cut at the end of a sentence counts with all its tokens; the beginning of a
    // line that was asked for with none.
    int label = place != null && place.concluding() ? 2 : 0;
    verdict.require(
        tokens >= decoded - label && tokens <= decoded + 2,
        "Thought %s of job %s says %d tokens and has %d",
        key.id(),
        job,
        tokens,
        decoded);
  }

  boolean lookAtChunks(UUID job, Seen seen) throws SQLException {
    int before = seen.inChunks;
    seen.inChunks = 0;
    chunks.setObject(1, job);
    long thought = -1;
    int next = 0;
    var text = new StringBuilder();
    try (ResultSet row = chunks.executeQuery()) {
      while (row.next()) {
        ThoughtKey key = key(row, 2);
        if (row.getLong(1) != thought) {
          thought = row.getLong(1);
          next = 0;
          text.setLength(0);
        }
        verdict.require(
            row.getObject(5) == null, "The finished thought %s of %s has chunks", key.id(), job);
        verdict.require(
            row.getInt(6) == next,
            "A chunk of thought %s of job %s begins at %d, not at %d",
            key.id(),
            job,
            row.getInt(6),
            next);
        verdict.require(
            row.getInt(7) > 0 && row.getInt(7) <= chunkTokens + 2,
            "A chunk of job %s has %d tokens",
            job,
            row.getInt(7));
        next += row.getInt(7);
        seen.inChunks += row.getInt(7);
        text.append(row.getString(8));
        verdict.require(
            script(job, seen, key).after(text.toString()) != null,
            "The chunks of thought %s of job %s are not what was decoded: %s",
            key.id(),
            job,
            text);
      }
    }
    return seen.inChunks != before;
  }

  private Script script(UUID job, Seen seen, ThoughtKey key) {
    Script script = scripts.getOrDefault(seen.seed, Map.of()).get(key);
    verdict.require(script != null, "Job %s thinks in %s, which nobody asked for", job, key.id());
    return Objects.requireNonNull(script);
  }

  private static ThoughtKey key(ResultSet row, int at) throws SQLException {
    return new ThoughtKey(
        Stage.of(row.getString(at)).orElseThrow(), row.getInt(at + 1), row.getInt(at + 2));
  }
}
