package dev.ponder.journal.archive;

import dev.ponder.job.JobProblem;
import dev.ponder.journal.PackedText;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.io.InputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads rows of the table `thought`, whose texts lie in one of three places: as they are, packed
/// in the row, or cold.
public final class ThoughtRows {

  /// All columns, with those of the cold original as `cold` and `sha256`.
  public static final String WITH_ORIGINALS =
      """
      select t.*, c.packed as cold, c.sha256
      from thought t left join cold_thought c on c.thought_id = t.id
      """;

  private ThoughtRows() {}

  public static ThoughtKey key(ResultSet row) throws SQLException {
    return new ThoughtKey(
        Stage.of(row.getString("stage")).orElseThrow(), row.getInt("visit"), row.getInt("branch"));
  }

  /// A finished thought as it was written, from a row of [#WITH_ORIGINALS].
  ///
  /// @throws JobProblem.Damaged if its original is not what was put away
  public static Thought original(ResultSet row) throws SQLException {
    return Thought.of(
        key(row),
        row.getLong("seed"),
        originalText(row),
        row.getInt("tokens"),
        row.getInt("thinking_tokens"),
        Thought.ClosedBy.valueOf(row.getString("closed_by")));
  }

  static String originalText(ResultSet row) throws SQLException {
    byte[] cold = row.getBytes("cold");
    if (cold != null) {
      return Original.of(cold, row.getBytes("sha256"))
          .text(row.getObject("job_id", UUID.class), key(row));
    }
    InputStream packed = row.getBinaryStream("packed");
    return packed == null ? row.getString("text") : PackedText.unpack(packed);
  }

  static @Nullable SweepMark mark(ResultSet row) throws SQLException {
    String what = row.getString("swept");
    return what == null
        ? null
        : new SweepMark(SweepMark.What.valueOf(what), row.getString("sweep_note"));
  }
}
