package dev.ponder.journal;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One line of a job's journal.
///
/// @param seq grows by at least one from line to line of a job, and never goes back
/// @param epoch of the lease under which it was written
/// @param tokens what `kind` says about tokens: those kept, or those of a finished thought
/// @param again tokens decoded again at most, for a resumed thought
public record JournalEntry(
    long seq,
    Instant at,
    long epoch,
    Kind kind,
    @Nullable String stage,
    @Nullable Integer visit,
    @Nullable Integer branch,
    @Nullable Integer tokens,
    @Nullable Integer again,
    @Nullable String note) {

  /// What can happen to a job.
  public enum Kind {
    CLAIMED,
    STAGE_ENTERED,
    PROMPT_MADE,
    THOUGHT_RESUMED,
    THOUGHT_FOLDED,
    THOUGHT_BROKEN_OFF,
    THOUGHT_FINISHED,
    ANSWERS_JUDGED,
    SENT_BACK,
    HURRIED,
    ENGINE_AWAY,
    ENGINE_BACK,
    PAUSED,
    ANSWERED,
    FAILED;

    /// The name over HTTP: `thought_resumed`.
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
