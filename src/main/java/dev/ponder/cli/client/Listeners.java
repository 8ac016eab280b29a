package dev.ponder.cli.client;

import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who listens on a port of this machine, as Linux tells it in `/proc/net`. Other systems do not
/// tell, and nobody is suspected there.
final class Listeners {

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private static final String LISTEN = "0A";
  private static final int STATE = 3;
  private static final int USER = 7;
  private static final int INODE = 9;
  private static final int HEXADECIMAL = 16;
  private static final int ROOT = 0;

  private Listeners() {}

  private record Listener(int user, String inode) {}

  /// A user other than this one and the administrator who listens on the port.
  static Optional<String> stranger(int port) {
    int self = PrivateFiles.user();
    return self < 0
        ? Optional.empty()
        : on(port).stream()
            .map(Listener::user)
            .filter(user -> user != self && user != ROOT)
            .findFirst()
            .map(String::valueOf);
  }

  /// Whether somebody listens on the port, and that is another process than this one.
  static boolean isAnother(int port, long pid) {
    Set<String> sockets =
        on(port).stream()
            .map(listener -> "socket:[" + listener.inode() + "]")
            .collect(Collectors.toSet());
    if (sockets.isEmpty()) {
      return false;
    }
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path each : open) {
        if (sockets.contains(target(each))) {
          return false;
        }
      }
      return true;
    } catch (IOException | SecurityException notTold) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static List<Listener> on(int port) {
    var found = new ArrayList<Listener>();
    for (Path table : TABLES) {
      try (Stream<String> lines = Files.lines(table)) {
        lines
            .map(line -> line.strip().split("\\s+"))
            .filter(words -> words.length > INODE && words[STATE].equals(LISTEN))
            .filter(words -> port(words[1]) == port)
            .forEach(words -> found.add(new Listener(Integer.parseInt(words[USER]), words[INODE])));
      } catch (IOException | RuntimeException notTold) {
        // What the other table says still counts.
      }
    }
    return found;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEXADECIMAL);
  }
}
