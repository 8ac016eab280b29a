package dev.ponder.journal.archive;

import dev.ponder.job.JobProblem;
import dev.ponder.journal.PackedText;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// The row of a thought, for those who only read. Its run writes it with `FencedWrites`, and the
/// sweep with [SweptThoughts].
@Entity
@Immutable
@Table(name = "thought")
class ThoughtRow {

  @Id private long id;
  private UUID jobId;
  private String stage;
  private int visit;
  private int branch;
  private long seed;
  private int tokens;
  private int thinkingTokens;

  @Enumerated(EnumType.STRING)
  private Thought.@Nullable ClosedBy closedBy;

  private long decodeMillis;
  private @Nullable Instant finishedAt;

  /// As it is, unless it is packed or cold.
  private @Nullable String text;

  private byte @Nullable [] packed;
  private @Nullable String conclusion;
  private @Nullable String summary;

  @Enumerated(EnumType.STRING)
  private SweepMark.@Nullable What swept;

  private @Nullable String sweepNote;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected ThoughtRow() {}

  private ThoughtKey key() {
    return new ThoughtKey(Stage.of(stage).orElseThrow(), visit, branch);
  }

  /// A finished thought as its summary where it has one, else as it was written.
  StoredThought asItIs() {
    return summary == null
        ? original(null)
        : new StoredThought(
            key(),
            seed,
            ThoughtForm.COMPRESSED,
            summary,
            conclusion,
            tokens,
            closedBy.forced(),
            mark());
  }

  /// A finished thought as it was written.
  ///
  /// @param cold its original, if that was put away
  /// @throws JobProblem.Damaged if its original is not what was put away
  StoredThought original(@Nullable ColdThought cold) {
    return StoredThought.original(
        Thought.of(key(), seed, whole(cold), tokens, thinkingTokens, closedBy), mark());
  }

  private String whole(@Nullable ColdThought cold) {
    if (cold != null) {
      return cold.original().text(jobId, key());
    }
    return packed == null ? text : PackedText.unpack(new ByteArrayInputStream(packed));
  }

  private @Nullable SweepMark mark() {
    return swept == null ? null : new SweepMark(swept, sweepNote);
  }
}
