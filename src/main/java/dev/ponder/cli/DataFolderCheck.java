package dev.ponder.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/// Looks at the data folder as soon as all settings are read, long before the database is opened:
/// a folder that cannot be used ends the start in a second and in a sentence.
final class DataFolderCheck
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    Environment environment = event.getEnvironment();
    Path data = Path.of(environment.getProperty("ponder.data", "./data"));
    writable(data);
    // What starts without a web server opens no database: it may work beside a service.
    boolean service =
        event.getSpringApplication().getWebApplicationType() != WebApplicationType.NONE;
    String database = environment.getProperty("spring.datasource.url", "");
    if (service && database.startsWith("jdbc:h2:file:")) {
      free(data);
    }
  }

  private static void writable(Path data) {
    try {
      Files.createDirectories(data);
      Files.delete(Files.createTempFile(data, "writable", null));
    } catch (IOException e) {
      throw new CannotStart(
          "The data folder " + data + " (ponder.data) cannot be written to: " + reason(e) + ".",
          "Choose another with --data DIR, or give this user the right to write there.");
    }
  }

  private static void free(Path data) {
    RunningService.in(data)
        .filter(owner -> owner.pid() != ProcessHandle.current().pid())
        .ifPresent(
            owner -> {
              throw heldBy(data, owner);
            });
  }

  static CannotStart heldBy(Path data, RunningService owner) {
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

  /// The names of Java's exceptions are half of their message.
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e instanceof NoSuchFileException
        ? "it cannot be created"
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }

  /// After the listeners that read the configuration files and set up logging.
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
