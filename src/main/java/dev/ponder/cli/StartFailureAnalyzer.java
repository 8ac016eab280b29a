package dev.ponder.cli;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/// What keeps a service from starting, in words that name the option to change.
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureAnalyzer implements FailureAnalyzer {

  /// H2 says that another process has the database file open.
  private static final int DATABASE_ALREADY_OPEN = 90_020;

  /// SQLSTATE of a database that has no room.
  private static final String DISK_FULL = "53100";

  private static final int DEEPEST = 50;

  private final @Nullable Environment environment;

  StartFailureAnalyzer(@Nullable Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      FailureAnalysis analysis = known(cause);
      if (analysis != null) {
        return analysis;
      }
      cause = cause.getCause();
    }
    return null;
  }

  private @Nullable FailureAnalysis known(Throwable cause) {
    return switch (cause) {
      case CannotStart known -> analysis(known);
      case PortInUseException inUse ->
          new FailureAnalysis(
              "Port " + inUse.getPort() + " is in use.",
              "Choose another with --port N (0 takes any free one), or end what listens there.",
              inUse);
      case SQLException database when database.getErrorCode() == DATABASE_ALREADY_OPEN ->
          analysis(alreadyOpen());
      case SQLException database when DISK_FULL.equals(database.getSQLState()) ->
          new FailureAnalysis(
              String.valueOf(database.getMessage()),
              "Or choose another folder with --data DIR, or lower ponder.database.disk-reserve.",
              database);
      default -> null;
    };
  }

  private CannotStart alreadyOpen() {
    Path data =
        Path.of(environment == null ? "./data" : environment.getProperty("ponder.data", "./data"));
    return RunningService.in(data)
        .map(owner -> DataFolderCheck.heldBy(data, owner))
        .orElseGet(
            () ->
                new CannotStart(
                    "Another process has the database in " + data + " open.",
                    "It may be a service that is just starting or ending: try again, or choose"
                        + " another folder with --data DIR."));
  }

  private static FailureAnalysis analysis(CannotStart known) {
    return new FailureAnalysis(known.getMessage(), known.action(), known);
  }
}
