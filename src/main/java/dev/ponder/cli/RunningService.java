package dev.ponder.cli;

import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The service that owns a data folder, as it says itself in `service.json` there.
///
/// @param pid its process
/// @param url where it answers
/// @param startedAt when it became ready
record RunningService(long pid, URI url, Instant startedAt) {

  private static final String FILE = "service.json";

  /// Process start times are rounded by the operating system.
  private static final Duration CLOCK_ROUNDING = Duration.ofSeconds(5);

  /// The live service of this folder. A file left by a killed service counts as none, even when
  /// its process number meanwhile belongs to a younger process.
  static Optional<RunningService> in(Path data) {
    RunningService said = read(data.resolve(FILE));
    return Optional.ofNullable(said).filter(RunningService::alive);
  }

  /// Written beside and then moved, so that no reader sees half of it.
  void writeTo(Path data) throws IOException {
    ObjectNode json = Json.object();
    json.put("pid", pid);
    json.put("url", url.toString());
    json.put("startedAt", startedAt.toString());
    PrivateFiles.folder(data);
    Path draft = data.resolve(FILE + "." + pid);
    Files.writeString(draft, Json.line(json) + "\n");
    Files.move(
        draft,
        data.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// Removes the file, unless another service has taken the folder over meanwhile.
  void removeFrom(Path data) throws IOException {
    RunningService said = read(data.resolve(FILE));
    if (said != null && said.pid == pid) {
      Files.deleteIfExists(data.resolve(FILE));
    }
  }

  private boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(start -> start.minus(CLOCK_ROUNDING).isBefore(startedAt))
                    .orElse(true))
        .isPresent();
  }

  private static @Nullable RunningService read(Path file) {
    try {
      JsonNode json = Files.exists(file) ? Json.read(Files.readString(file)) : null;
      if (json == null) {
        return null;
      }
      return new RunningService(
          Json.number(json, "pid"),
          URI.create(Json.text(json, "url", "")),
          Instant.parse(Json.text(json, "startedAt", "")));
    } catch (IOException | DateTimeParseException | IllegalArgumentException unreadable) {
      return null;
    }
  }
}
