package dev.ponder.web.security;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `keys.json` in the data folder: the keys as salted hashes. The command line writes it whether a
/// service runs or not, and a service reads it again when it has changed ([ApiKeys]).
public final class KeyFile {

  /// Keys at most.
  private static final int MOST = 1000;

  private static final long LONGEST = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;

  private KeyFile(Path file) {
    this.file = file;
  }

  public static KeyFile in(Path data) {
    return new KeyFile(data.resolve("keys.json"));
  }

  public Path path() {
    return file;
  }

  /// A key in the file.
  public record Entry(StoredKey key, @Nullable Instant createdAt) {}

  /// The file cannot be used. The message is a sentence.
  public static final class Unusable extends RuntimeException {
    Unusable(Path file, String why) {
      super("The file of API keys %s %s.".formatted(file, why));
    }
  }

  /// Whether there is a file. One without keys lets nobody in.
  public boolean exists() {
    return Files.exists(file);
  }

  /// What changes whenever the file does.
  ///
  /// @param inode another one for each that is moved to its place
  record Stamp(@Nullable Object inode, @Nullable Instant changed, long bytes) {
    static final Stamp NO_FILE = new Stamp(null, null, -1);
  }

  Stamp stamp() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.fileKey(), now.lastModifiedTime().toInstant(), now.size());
    } catch (IOException none) {
      return Stamp.NO_FILE;
    }
  }

  /// The keys in it; none if there is no file.
  ///
  /// @throws Unusable if it cannot be read, or others could have written it
  public List<Entry> read() {
    try {
      if (Files.size(file) > LONGEST) {
        throw new Unusable(file, "is larger than %d bytes".formatted(LONGEST));
      }
      refuseIfOthersWrite();
      return entries(JSON.readTree(Files.readAllBytes(file)));
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw new Unusable(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
    } catch (JacksonException e) {
      throw new Unusable(file, "is no JSON that can be read");
    }
  }

  private List<Entry> entries(JsonNode json) {
    JsonNode keys = json.path("keys");
    if (!keys.isArray() || keys.size() > MOST) {
      throw new Unusable(file, "has to have a list 'keys' of at most %d".formatted(MOST));
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode key : keys) {
      try {
        String createdAt = key.path("createdAt").asString("");
        entries.add(
            new Entry(
                new StoredKey(
                    key.path("name").asString(""),
                    key.path("salt").asString(""),
                    key.path("sha256").asString("")),
                createdAt.isEmpty() ? null : Instant.parse(createdAt)));
      } catch (RuntimeException nonsense) {
        throw new Unusable(
            file, "has a key, number %d, that Ponder has not made".formatted(entries.size() + 1));
      }
    }
    return entries;
  }

  /// Whoever can write there could let himself in.
  private void refuseIfOthersWrite() throws IOException {
    if (posix()) {
      Set<PosixFilePermission> may = Files.getPosixFilePermissions(file);
      if (may.contains(PosixFilePermission.GROUP_WRITE)
          || may.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new Unusable(file, "can be written by other users: chmod 600 " + file);
      }
    }
  }

  /// Adds a key.
  ///
  /// @return false if there is one of this name
  public boolean add(StoredKey key, Instant now) throws IOException {
    return change(
        entries -> {
          if (entries.stream().anyMatch(entry -> entry.key().name().equals(key.name()))) {
            return null;
          }
          if (entries.size() >= MOST) {
            throw new Unusable(file, "has %d keys, which is the limit".formatted(MOST));
          }
          List<Entry> more = new ArrayList<>(entries);
          more.add(new Entry(key, now));
          return more;
        });
  }

  /// Removes the key of this name.
  ///
  /// @return false if there is none
  public boolean remove(String name) throws IOException {
    return change(
        entries -> {
          List<Entry> fewer =
              entries.stream().filter(entry -> !entry.key().name().equals(name)).toList();
          return fewer.size() == entries.size() ? null : fewer;
        });
  }

  /// One change at a time, by whichever process. Written beside and then moved, so that no reader
  /// sees half of it.
  private boolean change(UnaryOperator<@Nullable List<Entry>> what) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder, forOwner("rwx------"));
    try (FileChannel lock = open(file.resolveSibling("keys.json.lock"));
        var held = lock.lock()) {
      List<Entry> changed = what.apply(read());
      if (changed == null) {
        return false;
      }
      Path draft = file.resolveSibling("keys.json.new");
      Files.deleteIfExists(draft);
      try (FileChannel out = open(draft)) {
        out.write(StandardCharsets.UTF_8.encode(json(changed)));
        out.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    }
  }

  private static String json(List<Entry> entries) {
    ObjectNode document = JSON.createObjectNode();
    var keys = document.putArray("keys");
    for (Entry entry : entries) {
      var key = keys.addObject();
      key.put("name", entry.key().name());
      key.put("createdAt", entry.createdAt() == null ? null : entry.createdAt().toString());
      key.put("salt", entry.key().salt());
      key.put("sha256", entry.key().sha256());
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  private static FileChannel open(Path path) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return FileChannel.open(path, options, forOwner("rw-------"));
  }

  private static FileAttribute<?>[] forOwner(String permissions) {
    return posix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
