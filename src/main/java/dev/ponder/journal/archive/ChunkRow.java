package dev.ponder.journal.archive;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// Where a chunk lies in its thought, without its text, for those who only read.
@Entity
@Immutable
@Table(name = "chunk")
class ChunkRow {

  @EmbeddedId private Place place;
  private int tokens;
  private long seq;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected ChunkRow() {}

  /// Which chunk it is.
  @Embeddable
  record Place(long thoughtId, int fromToken) {}
}
