package dev.ponder.model;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.store.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// The file of a model that a profile describes. It may still have to be pulled, and the model has
/// to fit into memory.
final class ProfiledFile {

  private static final int BATCH_UNSTATED = 2048;

  private final Profile profile;
  private final Path path;
  private final ProfiledModels shelf;
  private @Nullable Seen seen;

  /// A header that was read and checked, for as long as its file is the same.
  private record Seen(FileTime changed, long bytes, GgufHeader header) {}

  ProfiledFile(Profile profile, Path path, ProfiledModels shelf) {
    this.profile = profile;
    this.path = path;
    this.shelf = shelf;
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  boolean pulling() {
    return shelf.pulling(profile);
  }

  /// Why the file is not here, and what to do.
  String missing() {
    return shelf.missing(profile, path);
  }

  /// The path of the file, checked. A file that is not here is pulled, where that is allowed.
  ///
  /// @throws EngineException.Unavailable if it is not here
  /// @throws EngineException.Unusable if it is another file, or the model does not fit
  Path ready() {
    if (!exists()) {
      shelf.wanted(profile);
      throw new EngineException.Unavailable(missing(), null);
    }
    shelf.memory().check(profile.name(), estimate(ModelFile.check(path, profile)), profile);
    return path;
  }

  /// @throws EngineException.Unusable as above, from what was read before of the same file
  void check() {
    shelf.memory().check(profile.name(), estimate(header()), profile);
  }

  /// What the model takes of memory; null where that cannot be told.
  @Nullable MemoryEstimate memory() {
    try {
      return exists() ? estimate(header()) : null;
    } catch (EngineException unusable) {
      return null;
    }
  }

  private MemoryEstimate estimate(GgufHeader header) {
    int context =
        profile.whole("context").orElse(Engines.contextOf(header, null) * profile.sequences());
    try {
      return MemoryEstimate.of(
          header,
          Files.size(path),
          context,
          profile.whole("batch").orElse(BATCH_UNSTATED),
          profile.kvType(),
          profile.on("flashAttention"));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private synchronized GgufHeader header() {
    try {
      FileTime changed = Files.getLastModifiedTime(path);
      long bytes = Files.size(path);
      Seen known = seen;
      if (known == null || !known.changed().equals(changed) || known.bytes() != bytes) {
        known = new Seen(changed, bytes, ModelFile.check(path, profile));
        seen = known;
      }
      return known.header();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private EngineException.Unusable unreadable(IOException e) {
    return new EngineException.Unusable(
        "The model file %s cannot be read: %s.".formatted(path, e), e);
  }
}
