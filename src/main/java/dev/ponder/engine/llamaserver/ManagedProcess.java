package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.process.ServerProcess;
import dev.ponder.files.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// A llama-server that Ponder runs, and the shell that watches it.
final class ManagedProcess implements ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ManagedProcess.class);

  private static final String KIND = "llama-server";

  /// How the name of its private folder begins.
  static final String FOLDER = "ponder-" + KIND + "-";

  /// How long a server may take to end by itself before its shell kills it.
  static final Duration END_LIMIT = Duration.ofSeconds(5);

  /// Of its output, for messages: a llama-server says in the last of many lines why it ended.
  private static final int LINES_KEPT = 10;

  /// What it said last may still be on its way when it has ended.
  private static final Duration HEARD_OUT = Duration.ofMillis(500);

  /// How a shell reports that a signal ended its child.
  private static final int SIGNALLED = 128;

  private final String model;
  private final Process shell;
  private final PrivateFolder folder;
  private final long startedAt = System.nanoTime();
  private final CompletableFuture<Long> server = new CompletableFuture<>();
  private final LastWords words;
  private final Thread listener;
  private volatile @Nullable String endedBecause;

  private ManagedProcess(String model, Process shell, PrivateFolder folder) {
    this.model = model;
    this.shell = shell;
    this.folder = folder;
    this.words = new LastWords("llama-server of model " + model, LINES_KEPT);
    this.listener = daemon("err", () -> LastWords.eachLine(shell.getErrorStream(), words::add));
  }

  /// Starts one; it is of use when it answers on the port.
  static ManagedProcess start(
      ManagedModel model, ManagedServerSettings settings, int port, String key) throws IOException {
    PrivateFolder folder = PrivateFolder.create(settings.folder(), KIND);
    try {
      Process shell = ManagedCommand.of(model, settings, port, folder.path(), key).start();
      ManagedProcess process = new ManagedProcess(model.name(), shell, folder);
      process.begin();
      return process;
    } catch (IOException | EngineException e) {
      folder.close();
      throw e;
    }
  }

  private void begin() {
    daemon("out", () -> LastWords.eachLine(shell.getInputStream(), this::hear)).start();
    listener.start();
    daemon("watch", this::watch).start();
  }

  private Thread daemon(String what, Runnable task) {
    return Thread.ofPlatform().daemon().name("llama-server-" + model + "-" + what).unstarted(task);
  }

  private void hear(String line) {
    try {
      server.complete(Long.parseLong(line.strip()));
    } catch (NumberFormatException e) {
      words.add(line);
    }
  }

  private void watch() {
    try {
      int status = shell.waitFor();
      // If only the shell was ended, this tells the guard to end the server.
      closeInput();
      listener.join(HEARD_OUT);
      folder.close();
      // A server that ended because it was asked to is no news.
      LOG.atLevel(status == 0 || endedBecause != null ? Level.DEBUG : Level.INFO).log("{}", fate());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Where its slots are.
  Path folder() {
    return folder.path();
  }

  @Override
  public boolean alive() {
    return shell.isAlive();
  }

  @Override
  public boolean endsWithin(Duration limit) {
    try {
      boolean ended = shell.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (ended) {
        listener.join(HEARD_OUT);
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !shell.isAlive();
    }
  }

  /// The server, not its shell.
  @Override
  public long pid() {
    return server.getNow(shell.pid());
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  @Override
  public String fate() {
    String why = endedBecause;
    String end =
        why != null
            ? "was ended because " + why
            : shell.isAlive() ? "is running" : "ended with status " + shell.exitValue();
    return "The llama-server of model %s (process %d) %s.%s".formatted(model, pid(), end, words);
  }

  /// What its end before it was ready means: another start helps against a signal or a port that
  /// somebody took, not against a file or an option that it does not understand.
  EngineException failedStart() {
    boolean mayHelp = shell.exitValue() > SIGNALLED || words.contain("bind");
    return mayHelp || endedBecause != null
        ? new EngineException.Unavailable(fate(), null)
        : new EngineException.Unusable(fate(), null);
  }

  @Override
  public void kill(String because) {
    if (shell.isAlive()) {
      endedBecause = because;
      ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public void end() {
    endedBecause = endedBecause == null ? "it was asked to" : endedBecause;
    closeInput();
    if (!endsWithin(END_LIMIT.multipliedBy(2))) {
      kill("it did not end within %,d ms".formatted(END_LIMIT.toMillis()));
      endsWithin(END_LIMIT);
    }
    folder.close();
  }

  private void closeInput() {
    try {
      shell.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("The guard of model {} had ended already: {}", model, e.toString());
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
