package dev.ponder.journal;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A line of a journal as [Lines] finds it. Its run writes it with [FencedWrites].
@Entity
@Immutable
@Table(name = "journal")
class JournalRow {

  @EmbeddedId private Id id;
  private Instant at;
  private long epoch;

  @Enumerated(EnumType.STRING)
  private JournalEntry.Kind kind;

  private @Nullable String stage;
  private @Nullable Integer visit;
  private @Nullable Integer branch;
  private @Nullable Integer tokens;
  private @Nullable Integer again;
  private @Nullable String note;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected JournalRow() {}

  /// Which line it is.
  @Embeddable
  record Id(UUID jobId, long seq) {}
}
