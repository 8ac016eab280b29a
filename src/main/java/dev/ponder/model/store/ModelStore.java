package dev.ponder.model.store;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.files.PrivateFiles;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.Source;
import dev.ponder.model.store.PullFailed.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// The files of models: a folder for each model below `ponder.store.folder`. A file is in its place
/// only when it is complete and was checked.
@Component
public class ModelStore {

  private static final int BUFFER = 1 << 20;

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);

  private final StoreSettings settings;
  private final Patience patience;

  @Autowired
  public ModelStore(StoreSettings settings) {
    this(settings, Patience.USUAL);
  }

  ModelStore(StoreSettings settings, Patience patience) {
    this.settings = settings;
    this.patience = patience;
  }

  /// Where the file of a profile is, or is to be; null if it has none.
  public @Nullable Path place(Profile profile) {
    return switch (profile.source()) {
      case Source.Embedded embedded -> null;
      case Source.Nowhere nowhere -> null;
      case Source.LocalPath(String path) -> Path.of(path);
      case Source.Web(String url, String sha256) -> inFolder(profile, URI.create(url).getPath());
      case Source.HuggingFace source -> inFolder(profile, source.file());
    };
  }

  private Path inFolder(Profile profile, String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return settings
        .folder()
        .resolve(profile.base())
        .resolve(file.isBlank() ? "model.gguf" : file)
        .toAbsolutePath()
        .normalize();
  }

  /// Bytes of an unfinished pull that are here; 0 if there was none.
  public long partBytes(Profile profile) {
    Path place = place(profile);
    try {
      return place == null ? 0 : Files.size(place.resolveSibling(place.getFileName() + ".part"));
    } catch (IOException e) {
      return 0;
    }
  }

  /// Gets the file of a profile into its place, unless it is there.
  ///
  /// @param from another source than the profile's, or null
  /// @throws PullFailed with the reason
  public Pulled pull(Profile profile, @Nullable Source from, PullProgress progress)
      throws InterruptedException {
    Source source = from == null ? profile.source() : from;
    Path place = place(profile);
    if (place == null || source instanceof Source.Embedded || source instanceof Source.Nowhere) {
      throw new PullFailed(
          Cause.UNKNOWN,
          "The model %s has no file to pull: %s."
              .formatted(
                  profile.name(),
                  profile.source() instanceof Source.Embedded
                      ? "it ships with Ponder"
                      : "its profile names no source"));
    }
    try {
      if (Files.exists(place) || profile.source() instanceof Source.LocalPath) {
        return present(profile, place);
      }
      PrivateFiles.folder(place.getParent());
      return locked(profile, source, place, progress);
    } catch (IOException e) {
      throw new PullFailed(
          Cause.NO_ROOM,
          "The folder %s cannot be used: %s. Make it writable, or choose another with ponder.store.folder."
              .formatted(place.getParent(), e),
          e);
    }
  }

  private static Pulled present(Profile profile, Path place) throws IOException {
    checkHeader(place, profile);
    return new Pulled(profile.name(), place, Files.size(place), "", 0, 0);
  }

  private Pulled locked(Profile profile, Source source, Path place, PullProgress progress)
      throws IOException, InterruptedException {
    Path lockFile = place.resolveSibling(place.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw busy(place);
      }
      Pulled pulled =
          Files.exists(place) ? present(profile, place) : fetch(profile, source, place, progress);
      Files.deleteIfExists(lockFile);
      return pulled;
    } catch (OverlappingFileLockException e) {
      throw busy(place);
    }
  }

  private static PullFailed busy(Path place) {
    return new PullFailed(
        Cause.BUSY,
        "%s is being pulled by another process or job. Wait for it, or end it.".formatted(place));
  }

  private Pulled fetch(Profile profile, Source source, Path place, PullProgress progress)
      throws IOException, InterruptedException {
    long most =
        Math.min(settings.fileMax().toBytes(), profile.fileBytesMax().orElse(Long.MAX_VALUE));
    if (settings.offline() && !(source instanceof Source.LocalPath)) {
      throw new PullFailed(
          Cause.OFFLINE,
          "The file of %s is not here and Ponder is offline (ponder.store.offline). Put it at %s, or pull it with --from PATH."
              .formatted(profile.name(), place));
    }
    Pin pin = Pin.of(place, profile.source(), source);
    try (PartFile part = PartFile.beside(place)) {
      Brought brought =
          source instanceof Source.LocalPath(String path)
              ? copied(Path.of(path), part, most, progress)
              : downloaded(origin(profile, source, pin.sha256()), part, most, progress);
      String digest = part.digest();
      refuseOther(part, pin.sha256() == null ? brought.expected() : pin.sha256(), digest, pin);
      checkHeaderOf(part, profile);
      long bytes = part.length();
      part.becomes(place);
      pin.keep(digest, brought.expected(), progress);
      return new Pulled(
          profile.name(), place, bytes, digest, brought.fetched(), bytes - brought.fetched());
    }
  }

  /// @param expected what the bytes have to hash to, if anybody said
  private record Brought(long fetched, @Nullable String expected) {}

  private Brought downloaded(Origin origin, PartFile part, long most, PullProgress progress)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      Download download = new Download(origin, part, patience, most, client, progress);
      try {
        download.run();
      } catch (PullFailed e) {
        if (e.kind() == Cause.WRONG_FILE) {
          part.discard();
        }
        throw e;
      } finally {
        client.shutdownNow();
      }
      return new Brought(Math.min(download.fetched(), part.length()), download.expectedSha256());
    }
  }

  private static Brought copied(Path from, PartFile part, long most, PullProgress progress)
      throws IOException, InterruptedException {
    part.empty();
    try (InputStream in = Files.newInputStream(from)) {
      long total = Files.size(from);
      if (total > most) {
        throw new PullFailed(
            Cause.WRONG_FILE,
            "%s has %,d bytes and at most %,d are allowed (weightsGigabytes of the profile, ponder.store.file-max)."
                .formatted(from, total, most));
      }
      Room.require(part.path(), total);
      byte[] buffer = new byte[BUFFER];
      int count;
      while ((count = in.read(buffer)) >= 0) {
        part.append(buffer, count);
        progress.bytes(part.length(), total);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } catch (NoSuchFileException e) {
      part.discard();
      throw new PullFailed(
          Cause.NOT_FOUND, "There is no file %s. Check the path.".formatted(from), e);
    }
    return new Brought(part.length(), null);
  }

  /// @param sha256 what the bytes have to hash to, if that is known
  private Origin origin(Profile profile, Source source, @Nullable String sha256) {
    ServerAddress hub = settings.huggingFaceUrl();
    return switch (source) {
      case Source.HuggingFace(String repository, String file, String revision, String its) ->
          new Origin(
              URI.create(
                  "%s/%s/resolve/%s/%s"
                      .formatted(
                          hub.toString().replaceFirst("/+$", ""), repository, revision, file)),
              sha256,
              ApiKey.firstOf(settings.huggingFaceToken(), hub.login()));
      case Source.Web(String url, String its) -> Origin.of(URI.create(url), sha256);
      case Source.Embedded embedded -> throw new IllegalStateException(profile.name());
      case Source.Nowhere nowhere -> throw new IllegalStateException(profile.name());
      case Source.LocalPath path -> throw new IllegalStateException(profile.name());
    };
  }

  private static void refuseOther(PartFile part, @Nullable String expected, String digest, Pin pin)
      throws IOException {
    if (expected != null && !expected.equals(digest)) {
      long bytes = part.length();
      part.discard();
      throw new PullFailed(
          Cause.WRONG_FILE,
          "The %,d bytes that came for %s hash to %s and not to %s (SHA-256%s). They are thrown away; pull again, or from another source."
              .formatted(bytes, part.path().getFileName(), digest, expected, pin.whose()));
    }
  }

  private static void checkHeaderOf(PartFile part, Profile profile) throws IOException {
    try {
      checkHeader(part.path(), profile);
    } catch (PullFailed e) {
      part.discard();
      throw e;
    }
  }

  private static void checkHeader(Path file, Profile profile) {
    try {
      ModelFile.check(file, profile);
    } catch (EngineException.Unusable e) {
      throw new PullFailed(Cause.WRONG_FILE, String.valueOf(e.getMessage()), e);
    }
  }
}
