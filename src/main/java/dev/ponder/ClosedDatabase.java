package dev.ponder;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/// Gives up connections to an H2 database that has closed itself.
///
/// H2 closes a database for good when it cannot write to its file, because the disk is full, say.
/// The pool would keep the dead connections, which H2 calls valid, until the service is started
/// again. Once they are given up, the next connection opens the file anew, with everything in it
/// that was committed.
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
