package dev.ponder.engine.llamaserver;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/// What is known of a file that holds the evaluated tokens of a thought, kept beside it. The file
/// itself says nothing of the model it is from, and a server restores any that has the right shape.
///
/// @param model what identifies the model and how it was loaded
/// @param owner whose line of thought it is
/// @param ids the tokens, of the prompt and of what was written
/// @param next what the model goes on with greedily, to be compared after a restore
/// @param saved how many tokens the server said it wrote
/// @param bytes of the file
/// @param sha256 of the file
record Snapshot(
    String model,
    String owner,
    int[] ids,
    int[] next,
    int saved,
    long bytes,
    String sha256,
    Instant at) {

  /// What its files are called, without their endings.
  String name() {
    MessageDigest digest = newDigest();
    digest.update((model + ' ' + owner + ' ').getBytes(StandardCharsets.UTF_8));
    ByteBuffer numbers = ByteBuffer.allocate(ids.length * Integer.BYTES);
    numbers.asIntBuffer().put(ids);
    digest.update(numbers);
    return HexFormat.of().formatHex(digest.digest());
  }

  /// How many tokens of a prompt it holds, from the first on.
  int shared(int[] prompt) {
    int mismatch = Arrays.mismatch(ids, prompt);
    return mismatch < 0 ? ids.length : mismatch;
  }

  Snapshot of(long size, String digest) {
    return new Snapshot(model, owner, ids, next, saved, size, digest, at);
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
