package dev.ponder.engine.jllama;

import dev.ponder.engine.jllama.seat.Seat;
import dev.ponder.engine.jllama.seat.SeatOptions;
import dev.ponder.engine.process.ChildEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// How a seat is started: the same Java and the same classes as this process, tuned to be ready
/// fast and to stay small.
final class SeatCommand {
  private static final String MAIN = "dev.ponder.Ponder";

  private SeatCommand() {}

  static ProcessBuilder of(SeatOptions options, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xms16m",
            // The model lies outside of the heap.
            "-Xmx192m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+ErrorFileToStderr",
            // Standard output is the way of the answers; a warning in it would end the seat.
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-D" + Seat.LIBRARY_FOLDER + "=" + folder));
    command.addAll(classes());
    command.add("seat");
    command.addAll(options.arguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    ChildEnvironment.limit(builder.environment());
    return builder;
  }

  private static List<String> classes() {
    String path = System.getProperty("java.class.path");
    if (!path.contains(File.pathSeparator) && isExecutable(path)) {
      return List.of("-jar", Path.of(path).toAbsolutePath().toString());
    }
    String absolute =
        Arrays.stream(path.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    return List.of("-cp", absolute, MAIN);
  }

  /// Whether it is a jar that starts by Spring Boot's launcher, with its libraries inside.
  private static boolean isExecutable(String path) {
    if (!path.endsWith(".jar")) {
      return false;
    }
    try (JarFile jar = new JarFile(path)) {
      Manifest manifest = jar.getManifest();
      return manifest != null && MAIN.equals(manifest.getMainAttributes().getValue("Start-Class"));
    } catch (IOException e) {
      return false;
    }
  }
}
