package dev.ponder.bench;

import java.io.IOException;
import java.nio.file.Path;

/// A second model, which others made: `tools/smollm2` fetches it once.
final class SmolLm2 {

  private SmolLm2() {}

  static Path file() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("tools/smollm2").redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IOException("tools/smollm2 could not fetch the model; it says above why");
    }
    return Path.of(said);
  }
}
