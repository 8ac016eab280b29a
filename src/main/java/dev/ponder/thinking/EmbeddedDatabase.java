package dev.ponder.thinking;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// Whether the database is an H2 file or memory that only this process can have open.
@Component
class EmbeddedDatabase {

  private final String url;

  EmbeddedDatabase(@Value("${spring.datasource.url}") String url) {
    this.url = url;
  }

  boolean isLockedByThisProcess() {
    boolean embedded = url.startsWith("jdbc:h2:file:") || url.startsWith("jdbc:h2:mem:");
    return embedded && !url.toUpperCase().contains("AUTO_SERVER=TRUE");
  }
}
