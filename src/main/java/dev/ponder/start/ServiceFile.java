package dev.ponder.start;

import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a service says of itself in `service.json` of its data folder. Whoever sends a key there
/// has to ask first whether the file can be believed.
///
/// @param pid its process
/// @param url where it answers
/// @param startedAt when it became ready
public record ServiceFile(long pid, URI url, Instant startedAt) {

  public static final String NAME = "service.json";

  /// Process start times are rounded by the operating system.
  public static final Duration CLOCK_ROUNDING = Duration.ofSeconds(5);

  /// Longer than anything that we write.
  private static final int BYTES_MAX = 4096;

  private static final JsonMapper JSON = new JsonMapper();

  /// The process that holds this folder by its own account, which is good enough for a message.
  public static Optional<ServiceFile> holding(Path data) {
    try {
      return in(data).filter(ServiceFile::alive);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /// What the file says, or nothing if it is half a file. Only a loss of power leaves one.
  ///
  /// @throws Unusable if the file holds what no service writes
  /// @throws IOException if there is no file, or it cannot be read
  public static Optional<ServiceFile> in(Path data) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(read(data.resolve(NAME)));
    } catch (JacksonException halfAFile) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ServiceFile(
              json.path("pid").asLong(0),
              URI.create(json.path("url").asString("")),
              Instant.parse(json.path("startedAt").asString(""))));
    } catch (DateTimeException | IllegalArgumentException notOurs) {
      throw new Unusable();
    }
  }

  /// A file that no service has written.
  public static final class Unusable extends IOException {
    private Unusable() {
      super("is not what a service writes");
    }
  }

  /// Written beside and then moved, so that no reader sees half of it.
  public void writeTo(Path data) throws IOException {
    PrivateFiles.folder(data);
    Path draft = data.resolve(NAME + "." + pid);
    Files.writeString(draft, JSON.writeValueAsString(this) + "\n");
    Files.move(
        draft,
        data.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// Removes the file, unless another service has taken the folder over meanwhile.
  public void removeFrom(Path data) throws IOException {
    if (in(data).filter(said -> said.pid == pid).isPresent()) {
      Files.deleteIfExists(data.resolve(NAME));
    }
  }

  /// Whether the process is there, is one of this user, and did not start after it wrote this.
  public boolean alive() {
    return pid > 0
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> process.info().user().equals(ProcessHandle.current().info().user()))
            .filter(
                process ->
                    process
                        .info()
                        .startInstant()
                        .map(start -> start.minus(CLOCK_ROUNDING).isBefore(startedAt))
                        .orElse(true))
            .isPresent();
  }

  private static String read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new Unusable();
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
