package dev.ponder.cli.client;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.files.FileTrouble;
import dev.ponder.files.PrivateFiles;
import dev.ponder.start.ServiceFile;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A service that belongs to this command: a child process on the data folder, which ends with it.
/// Standard input of the child is a pipe that we hold open; see [ParentWatch].
final class EmbeddedService implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(120);
  private static final Duration ORDERLY_END = Duration.ofSeconds(20);
  private static final Duration FORCED_END = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 25;
  private static final int LOG_TAIL_BYTES = 16 * 1024;
  private static final int LOG_TAIL_LINES = 12;

  /// The service would take these for misspelt properties. All else it gets, secrets included: it
  /// is this same program for this same user, and any variable can be a setting of it or stand in
  /// one as `${NAME}`. What it starts itself gets an environment made for it.
  private static final List<String> ENVIRONMENT_OF_THE_COMMAND_LINE =
      List.of(
          "PONDER_SERVER",
          "PONDER_API_KEY",
          "PONDER_CA_CERT",
          "PONDER_TRACE",
          "PONDER_JAVA_OPTIONS",
          "PONDER_NO_AOT",
          "PONDER_JDK_FOLDERS");

  private final Path data;
  private final Path log;
  private final Process process;
  private @Nullable URI url;

  private EmbeddedService(Path data, Path log, Process process) {
    this.data = data;
    this.log = log;
    this.process = process;
  }

  static EmbeddedService start(CliEnvironment surroundings, Path data, @Nullable Integer pace) {
    List<String> command = new ArrayList<>(launcher(surroundings));
    command.addAll(List.of("serve", "--port", "0", "--data", data.toString(), "--with-parent"));
    if (pace != null) {
      command.addAll(List.of("--pace", pace.toString()));
    }
    Path log = data.resolve("ponder.log");
    try {
      PrivateFiles.folder(data);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      ENVIRONMENT_OF_THE_COMMAND_LINE.forEach(builder.environment()::remove);
      return new EmbeddedService(data, log, builder.start());
    } catch (IOException e) {
      throw new CommandFailed(
          Exit.NO_SERVICE,
          "The service could not be started on "
              + data
              + ": "
              + FileTrouble.in(e)
              + ". Choose another folder with --data DIR.");
    }
  }

  /// Waits until some live service owns the data folder: ours, or one that was faster, in which
  /// case ours gives up by itself or is ended.
  URI awaitReady() {
    long giveUp = System.nanoTime() + READY.toNanos();
    try {
      while (System.nanoTime() < giveUp) {
        boolean ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        Optional<ServiceFile> owner =
            ServiceFile.holding(data).filter(it -> it.pid() == process.pid());
        // A child of ours is believed; whoever was faster has to be found worthy.
        if (owner.isEmpty()) {
          owner = RunningService.in(data);
        }
        if (owner.isPresent()) {
          url = owner.get().url();
          if (owner.get().pid() != process.pid()) {
            close();
          }
          return url;
        }
        if (ended) {
          throw new CommandFailed(
              Exit.NO_SERVICE,
              "The service on " + data + " did not start. The end of " + log + ":\n" + logTail());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new CommandFailed(Exit.INTERRUPTED, "Interrupted while the service was starting.");
    }
    close();
    throw new CommandFailed(
        Exit.NO_SERVICE,
        "The service on "
            + data
            + " was not ready within "
            + READY.toSeconds()
            + " s. The end of "
            + log
            + ":\n"
            + logTail());
  }

  boolean alive() {
    return process.isAlive();
  }

  /// Asks the child to end, waits, and ends it by force if it does not.
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(ORDERLY_END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(FORCED_END.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// The script says how to start the service best, a word a line; without it, as we were started.
  private static List<String> launcher(CliEnvironment surroundings) {
    String told = surroundings.properties().get("dev.ponder.launcher");
    if (told != null) {
      return told.lines().toList();
    }
    String classPath = surroundings.properties().getOrDefault("java.class.path", "");
    Path java = Path.of(surroundings.properties().getOrDefault("java.home", ""), "bin", "java");
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            java.toString(),
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED"));
    boolean oneJar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
    command.addAll(
        oneJar ? List.of("-jar", classPath) : List.of("-cp", classPath, "dev.ponder.Ponder"));
    return command;
  }

  private String logTail() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - LOG_TAIL_BYTES));
      byte[] end = new byte[(int) Math.min(LOG_TAIL_BYTES, file.length())];
      file.readFully(end);
      List<String> lines = new String(end, StandardCharsets.UTF_8).strip().lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(not readable: " + e.getMessage() + ")";
    }
  }
}
