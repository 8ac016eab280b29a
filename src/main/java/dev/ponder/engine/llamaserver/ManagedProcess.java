package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.process.ChildProcess;
import dev.ponder.engine.process.LastWords;
import dev.ponder.files.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A llama-server that Ponder runs, and the shell that watches it.
final class ManagedProcess extends ChildProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ManagedProcess.class);

  private static final String KIND = "llama-server";

  /// How the name of its private folder begins.
  static final String FOLDER = "ponder-" + KIND + "-";

  /// How long a server may take to end by itself before its shell kills it.
  static final Duration END_LIMIT = Duration.ofSeconds(5);

  /// Of its output, for messages: a llama-server says in the last of many lines why it ended.
  private static final int LINES_KEPT = 10;

  /// How a shell reports that a signal ended its child.
  private static final int SIGNALLED = 128;

  private final Process shell;
  private final CompletableFuture<Long> server = new CompletableFuture<>();

  private ManagedProcess(String model, Process shell, PrivateFolder folder) {
    // The shell kills its server after one limit, so Ponder waits for two.
    super(KIND, model, LINES_KEPT, END_LIMIT.multipliedBy(2), shell, folder);
    this.shell = shell;
    daemon("out", () -> LastWords.eachLine(shell.getInputStream(), this::hear)).start();
  }

  /// Starts one; it is of use when it answers on the port.
  static ManagedProcess start(
      ManagedModel model, ManagedServerSettings settings, int port, String key) throws IOException {
    return start(
        KIND,
        settings.folder(),
        folder ->
            new ManagedProcess(
                model.name(),
                ManagedCommand.of(model, settings, port, folder.path(), key).start(),
                folder));
  }

  private void hear(String line) {
    try {
      server.complete(Long.parseLong(line.strip()));
    } catch (NumberFormatException e) {
      words().add(line);
    }
  }

  /// The server, not its shell.
  @Override
  public long pid() {
    return server.getNow(shell.pid());
  }

  /// What its end before it was ready means: another start helps against a signal or a port that
  /// somebody took, not against a file or an option that it does not understand.
  EngineException failedStart() {
    boolean mayHelp = status() > SIGNALLED || words().contain("bind");
    return mayHelp || endedByUs()
        ? new EngineException.Unavailable(fate(), null)
        : new EngineException.Unusable(fate(), null);
  }

  @Override
  protected void askToEnd() {
    try {
      shell.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("The guard of model {} had ended already: {}", model(), e.toString());
    }
  }

  static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debug("The folder {} of an ended llama-server stays: {}", folder, e.toString());
    }
  }
}
