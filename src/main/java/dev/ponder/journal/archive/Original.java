package dev.ponder.journal.archive;

import dev.ponder.job.JobProblem;
import dev.ponder.journal.PackedText;
import dev.ponder.memory.ThoughtKey;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/// The text of a thought as it is kept cold: deflated, with the SHA-256 of the text itself.
///
/// @param sha256 in hexadecimal
record Original(byte[] packed, String sha256) {

  private static final int HASH_BYTES = 32;

  static Original of(String text) {
    return new Original(PackedText.pack(text), sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  static Original of(byte[] packed, byte[] sha256) {
    return new Original(packed, hex(sha256));
  }

  /// The hash as it is stored.
  byte[] hash() {
    return HexFormat.of().parseHex(sha256);
  }

  /// The text, if it is still the one that was put away.
  ///
  /// @throws JobProblem.Damaged if it is not
  String text(UUID job, ThoughtKey key) {
    String text;
    try {
      text = PackedText.unpack(new ByteArrayInputStream(packed));
    } catch (UncheckedIOException unreadable) {
      throw damaged(job, key, sha256, "bytes that cannot be inflated");
    }
    verify(text, sha256, job, key);
    return text;
  }

  static void verify(String text, String sha256, UUID job, ThoughtKey key) {
    String found = sha256(text.getBytes(StandardCharsets.UTF_8));
    if (!found.equals(sha256)) {
      throw damaged(job, key, sha256, "SHA-256 " + found);
    }
  }

  private static JobProblem.Damaged damaged(UUID job, ThoughtKey key, String sha256, String found) {
    return new JobProblem.Damaged(
        job,
        "original of thought " + key.id(),
        "It was put away with SHA-256 %s, and the database holds %s".formatted(sha256, found));
  }

  static String sha256(byte[] bytes) {
    return hex(hash(bytes));
  }

  /// A damaged one may be anything of any length, also what was thought.
  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash, 0, Math.min(hash.length, HASH_BYTES));
  }

  static byte[] hash(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
