package dev.ponder.journal.archive;

import dev.ponder.journal.Line;
import org.jspecify.annotations.Nullable;

/// What the sweep made of a thought, so that it is not looked at again each time.
///
/// @param note why, for those that kept their original
public record SweepMark(What what, @Nullable String note) {

  /// Notes are sentences, and the column holds so many characters.
  private static final int LONGEST = 2000;

  public SweepMark {
    note = note == null ? null : Line.brief(note, LONGEST);
  }

  /// The possible ends of a look.
  public enum What {
    /// A summary stands for it; the original is kept cold.
    COMPRESSED,
    /// No summary passed the check.
    REJECTED,
    /// It is too short to be compressed, or its pipeline does not say how.
    UNNEEDED,
    /// Somebody doubted its summary and took the original back.
    REINSTATED
  }
}
