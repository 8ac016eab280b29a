package dev.ponder.cli;

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
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
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

  /// Longer than anything that we write.
  private static final int BYTES_MAX = 4096;

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  /// The live service of this folder, if it can be believed: prompts and keys go to it. A file
  /// left by a killed service counts as none, even when its process number meanwhile belongs to
  /// another process.
  ///
  /// @throws CommandFailed if somebody else may have written the file, or what it says cannot be
  static Optional<RunningService> in(Path data) {
    Path file = data.resolve(FILE);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      Optional<String> doubt = PrivateFiles.whyNotOurs(file);
      if (doubt.isPresent()) {
        throw notBelieved(file, doubt.get());
      }
      String text = read(file);
      // Half a file can only be ours, left by a loss of power; it says nothing.
      if (text.length() <= BYTES_MAX && Json.read(text) == null) {
        return Optional.empty();
      }
      RunningService said = parsed(text);
      if (said == null) {
        throw notBelieved(file, "is not what a service writes");
      }
      if (said.startedAt.isAfter(Instant.now().plus(CLOCK_ROUNDING))) {
        throw notBelieved(file, "names a start in the future (" + said.startedAt + ")");
      }
      if (!said.alive()) {
        return Optional.empty();
      }
      said.doubt()
          .ifPresent(
              why -> {
                throw notBelieved(file, why);
              });
      return Optional.of(said);
    } catch (NoSuchFileException endedMeanwhile) {
      return Optional.empty();
    } catch (IOException e) {
      throw notBelieved(file, "cannot be read: " + DataFolderCheck.reason(e));
    }
  }

  /// The process that holds this folder by its own account, which is good enough for a message.
  static Optional<RunningService> holding(Path data) {
    try {
      return Optional.ofNullable(parsed(read(data.resolve(FILE)))).filter(RunningService::alive);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static CommandFailed notBelieved(Path file, String why) {
    return new CommandFailed(
        Exit.NO_SERVICE,
        "The file "
            + file
            + " says where the service is, and is not believed: it "
            + why
            + ".\nName the service with --server URL, or another folder with --data DIR. If no service"
            + " runs there, remove the file.");
  }

  /// Whether an address cannot be anybody's but this machine's.
  static boolean isLoopback(URI url) {
    return LOOPBACK.matcher(String.valueOf(url.getHost()).toLowerCase(Locale.ROOT)).matches();
  }

  /// Why a key should not go where the file says.
  private Optional<String> doubt() {
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())
        || url.getRawUserInfo() != null
        || url.getPort() <= 0) {
      return Optional.of("names no address of a service");
    }
    if (!isLoopback(url)) {
      return Optional.of("names an address beyond this machine (" + url.getHost() + ")");
    }
    return Listeners.isAnother(url.getPort(), pid)
        ? Optional.of("names process " + pid + ", and another one answers at port " + url.getPort())
        : Optional.empty();
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
    RunningService said = parsed(read(data.resolve(FILE)));
    if (said != null && said.pid == pid) {
      Files.deleteIfExists(data.resolve(FILE));
    }
  }

  /// Whether the process is there, is one of this user, and did not start after it wrote this.
  private boolean alive() {
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
      return "";
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static @Nullable RunningService parsed(String text) {
    try {
      JsonNode json = text.length() > BYTES_MAX ? null : Json.read(text);
      return json == null
          ? null
          : new RunningService(
              Json.number(json, "pid"),
              URI.create(Json.text(json, "url", "")),
              Instant.parse(Json.text(json, "startedAt", "")));
    } catch (DateTimeParseException | IllegalArgumentException unreadable) {
      return null;
    }
  }
}
