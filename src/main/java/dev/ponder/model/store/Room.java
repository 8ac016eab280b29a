package dev.ponder.model.store;

import dev.ponder.model.store.PullFailed.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether the disk has room for a file.
final class Room {

  private Room() {}

  /// @param part the file as far as it is there
  /// @param total bytes it is to have
  static void require(Path part, long total) throws IOException {
    long missing = total - Files.size(part);
    long free = Files.getFileStore(part).getUsableSpace();
    if (missing > free) {
      throw new PullFailed(
          Cause.NO_ROOM,
          "%s needs %,d bytes more and its disk has %,d. Make room, or choose another folder with ponder.store.folder."
              .formatted(part.toAbsolutePath().normalize(), missing, free));
    }
  }
}
