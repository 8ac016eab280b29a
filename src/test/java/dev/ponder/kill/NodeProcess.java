package dev.ponder.kill;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A [dev.ponder.thinking.ScriptedNode] in a process of its own, which can be killed and started
/// again.
final class NodeProcess implements AutoCloseable {

  private final String name;
  private final Path folder;
  private final List<String> settings;
  private Process process;
  private volatile @Nullable URI base;

  NodeProcess(String name, Path folder, List<String> settings) {
    this.name = name;
    this.folder = folder;
    this.settings = settings;
  }

  NodeProcess start() throws IOException {
    Path port = folder.resolve(name + ".port");
    Files.deleteIfExists(port);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(classPath());
    command.add("dev.ponder.thinking.ScriptedNode");
    command.add(port.toString());
    command.addAll(settings);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
            .start();
    String found =
        PackagedService.eventually(
            Duration.ofSeconds(120), name + " is ready", () -> content(port));
    base = URI.create("http://127.0.0.1:" + found);
    return this;
  }

  /// That of this test, without the packaged service: its classes are there too, as a folder.
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("ponder.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private @Nullable String content(Path file) {
    try {
      if (!process.isAlive()) {
        throw new AssertionError(
            name + " did not start:\n" + Files.readString(folder.resolve(name + ".log")));
      }
      return Files.exists(file) ? Files.readString(file) : null;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Where it listens, or null while it does not.
  @Nullable URI base() {
    return base;
  }

  void kill() throws InterruptedException {
    base = null;
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
