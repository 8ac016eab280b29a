package dev.ponder.checkpoint;

import dev.ponder.checkpoint.JournalEntry.Kind;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A line of the journal in the making.
final class Line {

  /// What a note holds.
  private static final int LONGEST_NOTE = 2000;

  private final Kind kind;
  private @Nullable Stage stage;
  private @Nullable Integer visit;
  private @Nullable Integer branch;
  private @Nullable String note;
  @Nullable Integer tokens;
  @Nullable Integer again;

  Line(Kind kind) {
    this.kind = kind;
  }

  Line at(Stage stage, int visit) {
    this.stage = stage;
    this.visit = visit;
    return this;
  }

  Line of(ThoughtKey key) {
    this.branch = key.branch();
    return at(key.stage(), key.visit());
  }

  Line noting(String note) {
    this.note = note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE - 1) + "…" : note;
    return this;
  }

  JournalEntry entry(long seq, Instant at, long epoch) {
    return new JournalEntry(
        seq,
        at,
        epoch,
        kind,
        stage == null ? null : stage.key(),
        visit,
        branch,
        tokens,
        again,
        note);
  }
}
