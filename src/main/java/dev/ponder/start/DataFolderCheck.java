package dev.ponder.start;

import dev.ponder.engine.http.ServerAddress;
import dev.ponder.files.FileTrouble;
import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/// Looks at the data folder as soon as all settings are read, long before the database is opened:
/// a folder that cannot be used ends the start in a second and in a sentence.
final class DataFolderCheck
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final Pattern LOGIN = Pattern.compile("^jdbc:postgresql:[^?]*@");
  private static final int HIGHEST_PORT = 65_535;

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    Environment environment = event.getEnvironment();
    String url = environment.getProperty("spring.datasource.url", "");
    port(environment.getProperty("server.port", "0"));
    known(url);
    Path data = path(environment.getProperty("ponder.data", "./data"), url);
    writable(data);
    DataFolderRights.check(data);
    // What starts without a web server opens no database: it may work beside a service.
    boolean service =
        event.getSpringApplication().getWebApplicationType() != WebApplicationType.NONE;
    if (service && url.startsWith("jdbc:h2:file:")) {
      free(data);
    }
  }

  /// Whether the database is a file that H2 opens in this process.
  static boolean isFile(String url) {
    return url.matches("jdbc:h2:(?!mem:|tcp:|ssl:).*");
  }

  /// Spring takes -1 for no server at all, and tests do.
  private static void port(String text) {
    String port = text.strip();
    if (!port.matches("-1|\\d{1,5}") || Integer.parseInt(port) > HIGHEST_PORT) {
      throw new CannotStart(
          "server.port is '%s' and has to be a whole number from 0 to %d."
              .formatted(text, HIGHEST_PORT),
          "Choose one with --port N; 0 takes any free one.");
    }
  }

  private static void known(String url) {
    if (!url.isBlank() && !url.matches("jdbc:(h2|postgresql):.+")) {
      throw new CannotStart(
          "spring.datasource.url is '%s' and has to begin with jdbc:postgresql: or jdbc:h2:."
              .formatted(ServerAddress.shown(url)),
          "For PostgreSQL set SPRING_DATASOURCE_URL=jdbc:postgresql://HOST:5432/DATABASE, with"
              + " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD beside it.");
    }
    // The driver would take the password for a port, and log it.
    if (LOGIN.matcher(url).find()) {
      throw new CannotStart(
          "spring.datasource.url is '%s' and can have no user and password before its host."
              .formatted(ServerAddress.shown(url)),
          "Set SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD beside it.");
    }
  }

  private static Path path(String name, String url) {
    if (name.isBlank()) {
      throw new CannotStart("The data folder (ponder.data) is empty.", "Name one with --data DIR.");
    }
    // H2 has no way to write it, so that half of the path would be taken for settings.
    if (name.contains(";") && isFile(url)) {
      throw new CannotStart(
          "The data folder '"
              + name
              + "' (ponder.data) has a semicolon in its name, which H2 takes"
              + " for the end of a path.",
          "Choose another with --data DIR.");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new CannotStart(
          "The data folder '%s' (ponder.data) cannot be used here: %s."
              .formatted(name, e.getReason()),
          "Choose another with --data DIR, or start with LC_ALL=C.UTF-8 where it has letters beyond"
              + " ASCII.");
    }
  }

  private static void writable(Path data) {
    if (Files.exists(data) && !Files.isDirectory(data)) {
      throw new CannotStart(
          "The data folder " + data + " (ponder.data) is a file.",
          "Choose another with --data DIR.");
    }
    try {
      PrivateFiles.folder(data);
      Files.delete(Files.createTempFile(data, "writable", null));
    } catch (IOException e) {
      throw new CannotStart(
          "The data folder "
              + data
              + " (ponder.data) cannot be written to: "
              + FileTrouble.in(e)
              + ".",
          "Choose another with --data DIR, or give this user the right to write there.");
    }
  }

  private static void free(Path data) {
    ServiceFile.holding(data)
        .filter(owner -> owner.pid() != ProcessHandle.current().pid())
        .ifPresent(
            owner -> {
              throw heldBy(data, owner);
            });
  }

  static CannotStart heldBy(Path data, ServiceFile owner) {
    return new CannotStart(
        "The data folder "
            + data
            + " belongs to the service in process "
            + owner.pid()
            + ", which answers at "
            + owner.url()
            + ".",
        "Use that one, stop it, or choose another folder with --data DIR. Several services share"
            + " the work through PostgreSQL (SPRING_DATASOURCE_URL).");
  }

  /// After the listeners that read the configuration files and set up logging.
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
