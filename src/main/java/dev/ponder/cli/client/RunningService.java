package dev.ponder.cli.client;

import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.files.FileTrouble;
import dev.ponder.files.PrivateFiles;
import dev.ponder.start.ServiceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds the service that owns a data folder, and doubts what it is told: prompts and keys go
/// there.
public final class RunningService {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  private RunningService() {}

  /// The live service of this folder, if it can be believed. A file left by a killed service counts
  /// as none, even when its process number meanwhile belongs to another process.
  ///
  /// @throws CommandFailed if somebody else may have written the file, or what it says cannot be
  public static Optional<ServiceFile> in(Path data) {
    Path file = data.resolve(ServiceFile.NAME);
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      refuseFor(file, PrivateFiles.whyNotOurs(file));
      Optional<ServiceFile> said = ServiceFile.in(data);
      if (said.isEmpty()) {
        return said;
      }
      Instant start = said.get().startedAt();
      if (start.isAfter(Instant.now().plus(ServiceFile.CLOCK_ROUNDING))) {
        refuseFor(file, Optional.of("names a start in the future (" + start + ")"));
      }
      if (!said.get().alive()) {
        return Optional.empty();
      }
      refuseFor(file, doubt(said.get()));
      return said;
    } catch (NoSuchFileException endedMeanwhile) {
      return Optional.empty();
    } catch (ServiceFile.Unusable e) {
      throw notBelieved(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw notBelieved(file, "cannot be read: " + FileTrouble.in(e));
    }
  }

  private static void refuseFor(Path file, Optional<String> doubt) {
    if (doubt.isPresent()) {
      throw notBelieved(file, doubt.get());
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
  private static Optional<String> doubt(ServiceFile said) {
    URI url = said.url();
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())
        || url.getRawUserInfo() != null
        || url.getPort() <= 0) {
      return Optional.of("names no address of a service");
    }
    if (!isLoopback(url)) {
      return Optional.of("names an address beyond this machine (" + url.getHost() + ")");
    }
    return Listeners.isAnother(url.getPort(), said.pid())
        ? Optional.of(
            "names process " + said.pid() + ", and another one answers at port " + url.getPort())
        : Optional.empty();
  }
}
