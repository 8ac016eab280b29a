package dev.ponder.journal;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A point that a job can be resumed from: a line of its journal, or a chunk of a running thought.
///
/// @param seq its number in the job's journal
/// @param tokens of the thought that are durable at this point; null where a stage begins; of a
///     judgement those that it cost
/// @param at null for a chunk
/// @param note of a judgement: the model, which answers mean the same by its word
public record Checkpoint(
    long seq,
    What what,
    String stage,
    int visit,
    @Nullable Integer branch,
    @Nullable Integer tokens,
    @Nullable Instant at,
    @Nullable String note) {

  /// The kinds of such a point.
  public enum What {
    STAGE,
    THOUGHT,
    JUDGEMENT,
    CHUNK;

    /// The name over HTTP: `stage`.
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A chunk.
  ///
  /// @param durable tokens of its thought up to its end
  public Checkpoint(long seq, String stage, int visit, int branch, int durable) {
    this(seq, What.CHUNK, stage, visit, branch, durable, null, null);
  }

  /// The point that a line of the journal is, if it is one.
  public static Optional<Checkpoint> of(JournalEntry line) {
    return switch (line.kind()) {
      case STAGE_ENTERED -> Optional.of(of(What.STAGE, line, null));
      case THOUGHT_FINISHED -> Optional.of(of(What.THOUGHT, line, null));
      case ANSWERS_JUDGED -> Optional.of(of(What.JUDGEMENT, line, line.note()));
      default -> Optional.empty();
    };
  }

  private static Checkpoint of(What what, JournalEntry line, @Nullable String note) {
    return new Checkpoint(
        line.seq(),
        what,
        line.stage(),
        line.visit(),
        line.branch(),
        line.tokens(),
        line.at(),
        note);
  }
}
