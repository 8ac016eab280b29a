package dev.ponder.journal.archive;

import dev.ponder.journal.JournalEntry;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the archive has of a job besides its texts: small enough to be read for each look at the
/// job. Later versions of Ponder read it too, so a field keeps its name and its meaning.
///
/// @param version of this layout
record ArchivedJob(int version, List<JournalEntry> journal, List<Item> thoughts) {

  static final int VERSION = 1;

  /// Of its finished thoughts, and of those that never came to their end as far as they are there.
  long tokens() {
    return thoughts.stream().mapToLong(Item::tokensThere).sum();
  }

  /// A thought, finished or not.
  ///
  /// @param sha256 of its text, where that was kept cold; the others have the hash of their part
  /// @param chunks of a thought that never came to its end
  record Item(
      String stage,
      int visit,
      int branch,
      long seed,
      int budget,
      Instant startedAt,
      @Nullable Instant finishedAt,
      int tokens,
      int thinkingTokens,
      Thought.@Nullable ClosedBy closedBy,
      long decodeMillis,
      @Nullable String conclusion,
      @Nullable String summary,
      @Nullable Integer summaryTokens,
      SweepMark.@Nullable What swept,
      @Nullable String sweepNote,
      @Nullable String sha256,
      List<Place> chunks) {

    ThoughtKey key() {
      return new ThoughtKey(Stage.of(stage).orElseThrow(), visit, branch);
    }

    boolean finished() {
      return finishedAt != null;
    }

    /// The tokens of the thought that are there: of one that is not finished, those of its chunks.
    int tokensThere() {
      return finished() ? tokens : chunks.stream().mapToInt(Place::tokens).sum();
    }

    boolean forcedClose() {
      return closedBy != null && closedBy.forced();
    }

    @Nullable SweepMark mark() {
      return swept == null ? null : new SweepMark(swept, sweepNote);
    }
  }

  /// Where a chunk lies in its thought, and its number in the journal.
  record Place(int fromToken, int tokens, long seq) {}

  /// The text of a thought, or those of its chunks.
  record Text(@Nullable String whole, List<Piece> chunks) {}

  /// The text of a chunk with the ids of its tokens, if they were known.
  record Piece(String text, byte @Nullable [] ids) {}
}
