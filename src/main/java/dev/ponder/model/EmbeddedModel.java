package dev.ponder.model;

import dev.ponder.engine.EngineException;
import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The model that ships inside the jar. An engine needs it as a file, so it is unpacked once.
///
/// Its digest is in the name of the file: another version of Ponder brings its own file, and a file
/// that does not have the bytes its name promises is replaced.
final class EmbeddedModel {

  private static final String PACKED = "/models/thinking-mini/thinking-mini.gguf";

  private final Path folder;

  /// @param folder where to unpack it; made if it is missing
  EmbeddedModel(Path folder) {
    this.folder = folder;
  }

  /// The unpacked file. Several processes may unpack at once: each writes a file of its own and
  /// moves it into place in one step.
  ///
  /// @throws EngineException.Unusable if it cannot be unpacked; the next call tries again
  synchronized Path file() {
    byte[] packed = packed();
    Path file = folder.resolve("thinking-mini-" + digest(packed) + ".gguf");
    try {
      if (!holds(file, packed)) {
        write(file, packed);
      }
      return file.toAbsolutePath().normalize();
    } catch (IOException e) {
      throw new EngineException.Unusable(
          "The embedded model cannot be unpacked to %s: %s. Make room there or make it writable, or set ponder.data to another folder."
              .formatted(file.toAbsolutePath().normalize(), e),
          e);
    }
  }

  private static boolean holds(Path file, byte[] packed) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == packed.length
        && digest(Files.readAllBytes(file)).equals(digest(packed));
  }

  private void write(Path file, byte[] packed) throws IOException {
    PrivateFiles.folder(folder);
    Path part = Files.createTempFile(folder, "unpacking-", ".part");
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(packed);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static byte[] packed() {
    try (InputStream in = EmbeddedModel.class.getResourceAsStream(PACKED)) {
      if (in == null) {
        throw new EngineException.Unusable(
            "This build of Ponder has no embedded model (%s). Give ponder.models a file."
                .formatted(PACKED),
            null);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
