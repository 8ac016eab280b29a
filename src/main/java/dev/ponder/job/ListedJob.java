package dev.ponder.job;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A job in a list: of its prompt it has the beginning, and of its answer nothing.
@Entity
@Immutable
@Table(name = "job")
public class ListedJob extends JobFacts {

  /// Characters of a prompt in a list at most.
  public static final int BEGINNING = 200;

  @Formula("substring(prompt, 1, " + BEGINNING + ")")
  private String promptBegins;

  @SuppressWarnings("unused") // by those who read thoughts, in their query
  private @Nullable Long archivedTokens;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected ListedJob() {}

  /// The first [#BEGINNING] characters of its prompt. H2 counts halves of a character, and may cut
  /// one in two.
  public String promptBegins() {
    int last = promptBegins.length() - 1;
    return Character.isHighSurrogate(promptBegins.charAt(last))
        ? promptBegins.substring(0, last)
        : promptBegins;
  }
}
