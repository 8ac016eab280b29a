package dev.ponder.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The bare engine in its own process, one job at a time.
final class BareProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;

  BareProcess(Path model) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BareLlama.class.getName(),
                model.toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
  }

  record Done(int tokens, Duration took, String answer) {}

  Done think(String prompt, long seed) throws IOException {
    in.write(seed + "\t" + prompt.replace("\n", "\\n") + "\n");
    in.flush();
    String[] parts;
    do {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("The bare engine's process has ended");
      }
      parts = line.split("\t", 3);
    } while (parts.length < 3); // The library says where it unpacks itself.
    return new Done(
        Integer.parseInt(parts[0]),
        Duration.ofNanos(Long.parseLong(parts[1])),
        parts[2].replace("\\n", "\n"));
  }

  /// Processor time it has used so far.
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
