package dev.ponder.journal.archive;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// What the row of a thought says beside its texts, for those who only read. Its run writes it with
/// `FencedWrites`.
@Entity
@Immutable
@Table(name = "thought")
class ThoughtRow {

  @Id private long id;
  private UUID jobId;
  private String stage;
  private int visit;
  private int branch;
  private int tokens;
  private @Nullable Instant finishedAt;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected ThoughtRow() {}
}
