package dev.ponder.start;

import dev.ponder.engine.http.ServerAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.yaml.snakeyaml.error.YAMLException;

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
      case BindException setting -> analysis(SettingMistakes.of(setting));
      case InvalidConfigurationPropertyValueException setting ->
          analysis(SettingMistakes.of(setting));
      case YAMLException file -> analysis(unreadable());
      case java.net.BindException address ->
          analysis(notOurs(String.valueOf(address.getMessage())));
      case InvalidPathException path ->
          analysis(
              new CannotStart(
                  "The path '%s' cannot be used here: %s."
                      .formatted(path.getInput(), path.getReason()),
                  "Choose another, or start with LC_ALL=C.UTF-8 where it has letters beyond ASCII."));
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
      case SQLException database -> analysis(refused(database));
      default -> null;
    };
  }

  /// The innermost reason is the one that a person can mend.
  private CannotStart refused(SQLException database) {
    SQLException inner = database;
    Throwable cause = database.getCause();
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException deeper) {
        inner = deeper;
      }
      cause = cause.getCause();
    }
    String url = setting("spring.datasource.url", "");
    boolean file = DataFolderCheck.isFile(url);
    String state = String.valueOf(inner.getSQLState());
    String said = String.valueOf(inner.getMessage()).lines().findFirst().orElse("").strip();
    String where = file ? "in " + setting("ponder.data", "./data") : "at " + shown(url);
    String action =
        switch (state.length() < 2 ? "" : state.substring(0, 2)) {
          case "28" ->
              "Check SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD"
                  + (file
                      ? "; a file of Ponder's own has the user 'ponder' and no password."
                      : ".");
          case "08" ->
              file
                  ? "Choose another folder with --data DIR."
                  : "Check that it runs, and host and port in SPRING_DATASOURCE_URL.";
          case "3D" -> "Create it, or name another in SPRING_DATASOURCE_URL.";
          default ->
              file
                  ? "Choose another folder with --data DIR, or put a copy of the database back."
                  : "Check SPRING_DATASOURCE_URL.";
        };
    return new CannotStart(
        "The database %s cannot be used: %s%s"
            .formatted(where, said, said.endsWith(".") ? "" : "."),
        action);
  }

  private static String shown(String url) {
    return ServerAddress.shown(url).replaceFirst(";.*", "");
  }

  private static CannotStart unreadable() {
    return new CannotStart(
        ConfigFile.mistakeNearby().orElse("A file of settings is no YAML that can be read."),
        "Mend the file, or remove it.");
  }

  private CannotStart notOurs(String said) {
    String place = setting("server.address", "") + ":" + setting("server.port", "8080");
    return new CannotStart(
        "Nothing can listen on %s: %s.".formatted(place, said),
        "Set SERVER_ADDRESS (server.address) to an address of this machine, or choose another port"
            + " with --port N.");
  }

  private String setting(String name, String usual) {
    return environment == null ? usual : environment.getProperty(name, usual);
  }

  private CannotStart alreadyOpen() {
    Path data = Path.of(setting("ponder.data", "./data"));
    return ServiceFile.holding(data)
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
