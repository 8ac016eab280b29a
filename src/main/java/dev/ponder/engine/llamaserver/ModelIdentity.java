package dev.ponder.engine.llamaserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/// Tells one loaded model from another: by what its file contains, not by its name, and by how it
/// was loaded. Files of models are too large to be read whole, so samples all over it have to do:
/// another training of the same shape differs in all of them.
final class ModelIdentity {
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 1 << 16;

  private ModelIdentity() {}

  /// @param loaded whatever else changes what the model makes of the same tokens
  static String of(Path file, List<String> loaded) throws IOException {
    MessageDigest digest = Snapshot.newDigest();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
      ByteBuffer sample = ByteBuffer.allocate(SAMPLE_BYTES);
      long last = Math.max(0, size - SAMPLE_BYTES);
      for (int i = 0; i < SAMPLES; i++) {
        sample.clear();
        long at = (long) (last * (i / (double) (SAMPLES - 1)));
        while (sample.hasRemaining() && channel.read(sample, at + sample.position()) >= 0) {
          // A read may bring less than was asked for.
        }
        digest.update(sample.flip());
      }
    }
    for (String each : loaded) {
      digest.update(each.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
