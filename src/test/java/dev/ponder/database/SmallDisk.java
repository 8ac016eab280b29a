package dev.ponder.database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/// A real disk that is small: a tmpfs, which only root may mount. Elsewhere the test is skipped.
public final class SmallDisk implements AutoCloseable {

  private static final int BLOCK = 4096;

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  public static SmallDisk of(Path folder, DataSize size) throws Exception {
    assumeTrue(
        ran(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "mode=700,size=" + size.toBytes(),
            "tmpfs",
            folder.toString()),
        "Only root may mount a small disk");
    return new SmallDisk(folder);
  }

  /// Writes until so much is left.
  public void fill(DataSize left) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[BLOCK];
      while (Files.getFileStore(folder).getUsableSpace() > left.toBytes()) {
        out.write(block);
      }
    }
  }

  public void free() throws IOException {
    Files.delete(ballast);
  }

  @Override
  public void close() {
    try {
      if (!ran("umount", folder.toString())) {
        throw new AssertionError(folder + " is still mounted");
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean ran(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
