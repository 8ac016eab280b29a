package dev.ponder.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The H2 file, where there is one: how large it is, and how it gets smaller.
///
/// H2 writes each commit behind the last one: the pages that it changed, whole, with the other rows
/// in them, and the old rows beside the new until it is over. What is dead of that stays for 45 s,
/// so that a file that lost power can be read, and is reused then; the file gets smaller only when
/// it is compacted. H2 does that in a thread of its own, which does not run where a commit waits
/// for nothing (`WRITE_DELAY=0`). So it has to be asked.
@Component
public class DatabaseFile {

  private static final Logger log = LoggerFactory.getLogger(DatabaseFile.class);

  private final DataSource source;
  private final @Nullable Path file;

  DatabaseFile(DataSource source, @Value("${spring.datasource.url:}") String url) {
    this.source = source;
    this.file = H2Connections.file(url).map(it -> DatabaseDisk.file(it.group(1))).orElse(null);
  }

  /// Whether the database is a file that this process alone has open.
  public boolean isFile() {
    return file != null;
  }

  /// Bytes of the file; 0 where there is none.
  public long bytes() {
    try {
      return file == null ? 0 : Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  /// Writes what is alive closer together, and gives back what is free behind it. Commits wait
  /// meanwhile.
  ///
  /// @param most after which nothing new is begun; a step that has begun writes 16 MB at most
  /// @return whether the file is smaller now. It may take a few calls until it is
  public boolean compact(Duration most) {
    long before = bytes();
    if (before == 0) {
      return false;
    }
    try (Connection connection = source.getConnection()) {
      var session = connection.unwrap(JdbcConnection.class).getSession();
      if (!(session instanceof SessionLocal here)) {
        return false;
      }
      MVStore store = here.getDatabase().getStore().getMvStore();
      int retention = store.getRetentionTime();
      try {
        store.compactFile((int) most.toMillis());
      } finally {
        store.setRetentionTime(retention);
      }
      return bytes() < before;
    } catch (SQLException | MVStoreException notNow) {
      log.debug("The file of the database was not compacted: {}", notNow.toString());
      return false;
    }
  }
}
