package dev.ponder.model.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// What has arrived of a file, beside its final place: the bytes, their digest so far, and a note
/// of what they are a part of. Killed at any point, it goes on with the bytes that are in the file.
final class PartFile implements AutoCloseable {

  private static final int BUFFER = 1 << 20;

  private final Path part;
  private final Path note;
  private final FileChannel channel;
  private MessageDigest digest = sha256();
  private long length;

  /// Opens or makes the part of a file.
  static PartFile beside(Path file) throws IOException {
    return new PartFile(
        file.resolveSibling(file.getFileName() + ".part"),
        file.resolveSibling(file.getFileName() + ".part.note"));
  }

  private PartFile(Path part, Path note) throws IOException {
    this.part = part;
    this.note = note;
    this.channel =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (channel.read(buffer, length) > 0) {
      length += buffer.position();
      digest.update(buffer.flip());
      buffer.clear();
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }

  Path path() {
    return part;
  }

  long length() {
    return length;
  }

  void append(byte[] bytes, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    long at = length;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
    digest.update(bytes, 0, count);
    length = at;
  }

  /// Begins anew.
  void empty() throws IOException {
    channel.truncate(0);
    digest = sha256();
    length = 0;
  }

  /// What the bytes hash to; nothing can be appended afterwards.
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /// What the bytes are a part of.
  ///
  /// @param origin the address as it was asked for
  /// @param validator a strong ETag or a date that the server gave, to go on only with
  ///     the same file
  /// @param total bytes of the whole file, or -1
  record Note(String origin, @Nullable String validator, long total) {}

  @Nullable Note note() throws IOException {
    if (!Files.exists(note)) {
      return null;
    }
    Properties values = new Properties();
    try (var in = Files.newBufferedReader(note)) {
      values.load(in);
      String origin = values.getProperty("origin");
      return origin == null
          ? null
          : new Note(
              origin,
              values.getProperty("validator"),
              Long.parseLong(values.getProperty("total", "-1")));
    } catch (IllegalArgumentException damaged) {
      return null;
    }
  }

  void remember(Note what) throws IOException {
    Properties values = new Properties();
    values.setProperty("origin", what.origin());
    values.setProperty("total", Long.toString(what.total()));
    String validator = what.validator();
    if (validator != null) {
      values.setProperty("validator", validator);
    }
    Path fresh = note.resolveSibling(note.getFileName() + ".new");
    try (var out = Files.newBufferedWriter(fresh)) {
      values.store(out, null);
    }
    Files.move(fresh, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Puts the bytes into their place in one step, after they are on the disk.
  void becomes(Path file) throws IOException {
    channel.force(true);
    channel.close();
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(note);
  }

  void discard() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
    Files.deleteIfExists(note);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
