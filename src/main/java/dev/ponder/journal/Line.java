package dev.ponder.journal;

import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A line of the journal in the making.
public final class Line {

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
    this.note = brief(note, LONGEST_NOTE);
    return this;
  }

  /// The beginning of a text that is longer than so many characters, none of them cut in half: a
  /// database may refuse half a character.
  public static String brief(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isLowSurrogate(text.charAt(most - 1)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
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
