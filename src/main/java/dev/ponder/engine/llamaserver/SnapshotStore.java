package dev.ponder.engine.llamaserver;

import dev.ponder.engine.GenerationRequest;
import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The snapshots of thoughts on this machine: a file that a server wrote, and beside it what is
/// known of it. A file without that is nothing; it is written last, in one step. Servers read and
/// write in folders of their own, and a file moves from there to here when it is complete.
public final class SnapshotStore {
  /// A note of a million tokens has 8 MB.
  private static final long NOTE_MAX = 32 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
  private static final Pattern OURS = Pattern.compile("\\p{XDigit}{64}\\.(kv|json|part)");

  /// A server's folder of this kind is left here only if the machine went down.
  private static final String OF_SERVERS = ManagedProcess.FOLDER + "*";

  private static final int BUFFER = 1 << 18;

  private final KvSnapshotSettings settings;
  private final Path folder;
  private final InstantSource time;
  private final Map<String, Snapshot> known = new HashMap<>();
  private volatile @Nullable String trouble;

  /// Deletes what is left over: everything where nothing is kept any more.
  ///
  /// @param folder where the settings name none
  public SnapshotStore(KvSnapshotSettings settings, Path folder, InstantSource time) {
    this.settings = settings;
    Path configured = settings.folder();
    this.folder = (configured == null ? folder : configured).toAbsolutePath();
    this.time = time;
    try {
      if (settings.enabled()) {
        PrivateFiles.folder(this.folder);
      }
      sweep();
    } catch (IOException e) {
      failed(e);
    }
  }

  KvSnapshotSettings settings() {
    return settings;
  }

  Path folder() {
    return folder;
  }

  /// Whether snapshots are kept here.
  public boolean usable() {
    return settings.enabled() && trouble == null;
  }

  /// Nothing is kept any more until the next start: trying again would cost each thought its time.
  void failed(IOException e) {
    if (trouble == null) {
      String what = e instanceof FileSystemException ? e.toString() : e.getMessage();
      trouble = what;
      LOG.warn(
          "No snapshots of thoughts are kept in {} until the next start: {}. Thoughts go on without them (ponder.engine.kv-snapshots.folder).",
          folder,
          what);
    }
  }

  private void sweep() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant oldest = time.instant().minus(settings.keepFor());
    for (Path file : ours("*.json")) {
      Snapshot snapshot = settings.enabled() ? read(file) : null;
      if (snapshot != null && snapshot.at().isAfter(oldest)) {
        known.put(snapshot.name(), snapshot);
      }
    }
    for (Path file : ours("*")) {
      String name = file.getFileName().toString();
      if (name.endsWith(".part") || !known.containsKey(name.substring(0, 64))) {
        Files.deleteIfExists(file);
      }
    }
    try (var servers = Files.newDirectoryStream(folder, OF_SERVERS)) {
      servers.forEach(ManagedProcess::remove);
    }
    makeRoom(0, 0);
  }

  private List<Path> ours(String glob) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
      return files
          .filter(it -> OURS.matcher(it.getFileName().toString()).matches())
          .filter(it -> matcher.matches(it.getFileName()))
          .toList();
    }
  }

  /// What a file says, if it is whole, belongs to its name and stands beside a file of its size.
  private @Nullable Snapshot read(Path file) {
    try {
      if (Files.size(file) > NOTE_MAX) {
        return null;
      }
      Snapshot snapshot = JsonMapper.shared().readValue(Files.readAllBytes(file), Snapshot.class);
      boolean own = file.getFileName().toString().equals(snapshot.name() + ".json");
      return own && Files.size(data(snapshot)) == snapshot.bytes() ? snapshot : null;
    } catch (IOException | JacksonException | NullPointerException e) {
      return null;
    }
  }

  private Path data(Snapshot snapshot) {
    return folder.resolve(snapshot.name() + ".kv");
  }

  /// The one of this model that holds the most of a prompt, and agrees with it over half of its own
  /// tokens at least: others are of another thought.
  synchronized @Nullable Snapshot longest(String model, int[] prompt) {
    return known.values().stream()
        .filter(it -> it.model().equals(model) && it.shared(prompt) * 2 >= it.ids().length)
        .max(
            Comparator.comparingInt((Snapshot it) -> it.shared(prompt)).thenComparing(Snapshot::at))
        .orElse(null);
  }

  /// Whether its file is the one that was written.
  boolean intact(Snapshot snapshot) {
    try {
      Path data = data(snapshot);
      return Files.size(data) == snapshot.bytes() && digest(data).equals(snapshot.sha256());
    } catch (IOException e) {
      return false;
    }
  }

  private static String digest(Path file) throws IOException {
    var digest = Snapshot.newDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // The digest sees what passes.
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Puts its file where a server finds it; whoever asked removes it there.
  void lend(Snapshot snapshot, Path target) throws IOException {
    try {
      Files.createLink(target, data(snapshot));
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(data(snapshot), target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Takes a file over in place of what the same line of thought had here before.
  ///
  /// @param draft without size and checksum
  void keep(Path written, Snapshot draft) throws IOException {
    Snapshot snapshot = draft.of(Files.size(written), digest(written));
    if (snapshot.bytes() > settings.bytesMax().toBytes()) {
      throw new IOException(
          "a snapshot of %,d tokens takes %,d bytes, and the limit is %,d (ponder.engine.kv-snapshots.bytes-max)"
              .formatted(snapshot.ids().length, snapshot.bytes(), settings.bytesMax().toBytes()));
    }
    String name = snapshot.name();
    Path part = folder.resolve(name + ".part");
    synchronized (this) {
      dropAll(snapshot.owner());
      makeRoom(1, snapshot.bytes());
      Files.move(written, data(snapshot), StandardCopyOption.REPLACE_EXISTING);
      Files.write(part, JsonMapper.shared().writeValueAsBytes(snapshot));
      Files.move(part, folder.resolve(name + ".json"), StandardCopyOption.ATOMIC_MOVE);
      known.put(name, snapshot);
    }
  }

  private void makeRoom(int files, long bytes) {
    Instant oldest = time.instant().minus(settings.keepFor());
    List<Snapshot> byAge =
        known.values().stream().sorted(Comparator.comparing(Snapshot::at)).toList();
    long sum = byAge.stream().mapToLong(Snapshot::bytes).sum() + bytes;
    int count = byAge.size() + files;
    for (Snapshot snapshot : byAge) {
      boolean tooMuch = count > settings.filesMax() || sum > settings.bytesMax().toBytes();
      if (tooMuch || !snapshot.at().isAfter(oldest)) {
        drop(snapshot);
        count--;
        sum -= snapshot.bytes();
      }
    }
  }

  /// Deletes what is kept of lines of thought that nobody goes on with.
  ///
  /// @param affinity one, or the beginning of several up to a slash
  public synchronized void forget(String affinity) {
    dropAll(affinity);
  }

  /// Deletes what is too old, and what is kept of lines of thought that do not go on.
  ///
  /// @param goesOn is asked once for each line of thought, and may take its time
  public void tidy(Predicate<String> goesOn) {
    Set<String> owners;
    synchronized (this) {
      makeRoom(0, 0);
      owners = known.values().stream().map(Snapshot::owner).collect(Collectors.toSet());
    }
    owners.stream().filter(goesOn.negate()).forEach(this::forget);
  }

  private void dropAll(String affinity) {
    known.values().stream()
        .filter(it -> GenerationRequest.belongs(it.owner(), affinity))
        .toList()
        .forEach(this::drop);
  }

  synchronized void drop(Snapshot snapshot) {
    String name = snapshot.name();
    known.remove(name);
    try {
      Files.deleteIfExists(folder.resolve(name + ".json"));
      Files.deleteIfExists(data(snapshot));
    } catch (IOException e) {
      LOG.debug("The snapshot {} stays until the next start: {}", name, e.toString());
    }
  }
}
