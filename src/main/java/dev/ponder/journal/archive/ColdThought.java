package dev.ponder.journal.archive;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// The original of a thought that a summary stands for.
@Entity
@Immutable
@Table(name = "cold_thought")
class ColdThought {

  @Id private long thoughtId;
  private byte[] packed;
  private byte[] sha256;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected ColdThought() {}

  Original original() {
    return Original.of(packed, sha256);
  }
}
