package dev.ponder.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/// Tells the pool which failures mean that a connection's H2 database has closed itself.
public final class ClosedDatabase implements SQLExceptionOverride {

  private static final int DATABASE_IS_CLOSED = 90098;
  private static final int IO_EXCEPTION = 90028;
  private static final int IO_EXCEPTION_WITH_FILE = 90031;
  private static final Set<Integer> GONE =
      Set.of(DATABASE_IS_CLOSED, IO_EXCEPTION, IO_EXCEPTION_WITH_FILE);

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    return GONE.contains(failure.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
