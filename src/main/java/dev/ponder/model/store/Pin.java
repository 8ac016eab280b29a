package dev.ponder.model.store;

import dev.ponder.model.profile.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the bytes of a file have to hash to. The profile says it, or the source that was named for
/// this pull; where neither does, the first pull keeps what it got beside the file, and the pulls
/// after it have to bring the same.
final class Pin {

  private static final int RECORD_MAX = 1000;

  private final Path record;
  private final @Nullable String sha256;
  private final boolean recorded;

  private Pin(Path record, @Nullable String sha256, boolean recorded) {
    this.record = record;
    this.sha256 = sha256;
    this.recorded = recorded;
  }

  /// @param place of the file
  /// @param own source of the profile, whose hash counts wherever the file comes from
  static Pin of(Path place, Source own, Source named) throws IOException {
    Path record = place.resolveSibling(place.getFileName() + ".sha256");
    String stated = hash(own) == null ? hash(named) : hash(own);
    return stated == null ? new Pin(record, read(record), true) : new Pin(record, stated, false);
  }

  private static @Nullable String hash(Source source) {
    return switch (source) {
      case Source.HuggingFace file -> file.sha256();
      case Source.Web file -> file.sha256();
      case Source.Embedded ignored -> null;
      case Source.LocalPath ignored -> null;
      case Source.Nowhere ignored -> null;
    };
  }

  private static @Nullable String read(Path record) throws IOException {
    try {
      String line = Files.size(record) > RECORD_MAX ? "" : Files.readString(record);
      String first = line.split("\\s", 2)[0];
      return first.matches("[0-9a-f]{64}") ? first : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Nullable String sha256() {
    return sha256;
  }

  /// Whose word it is, where that is not plain.
  String whose() {
    return sha256 != null && recorded
        ? "; so had the file that was pulled first, says %s: delete that if the change is meant"
            .formatted(record)
        : "";
  }

  /// Keeps what the first pull got, as `sha256sum -c` reads it.
  ///
  /// @param server what the server said, if it did
  void keep(String digest, @Nullable String server, PullProgress progress) throws IOException {
    if (sha256 != null) {
      return;
    }
    String name = String.valueOf(record.getFileName()).replaceFirst("\\.sha256$", "");
    Files.writeString(record, "%s  %s\n".formatted(digest, name));
    progress.note(
        "The profile names no sha256 for %s. %s; later pulls have to bring the same (%s)."
            .formatted(
                name,
                server == null
                    ? "Nobody vouches for what came, SHA-256 " + digest
                    : "What came is what the server says it has, SHA-256 " + digest,
                record));
  }
}
