package dev.ponder.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// In a folder that everybody writes to, such as `/tmp`.
@EnabledOnOs(OS.LINUX)
class PrivateFolderTests {
  @TempDir Path shared;

  private Path left(String name, String permissions) throws IOException {
    Path folder = Files.createDirectory(shared.resolve(name));
    Files.writeString(folder.resolve("alive.lock"), "");
    Files.writeString(folder.resolve("library.so"), "x");
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/c"), "x");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    return folder;
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> all = Files.list(shared)) {
      return all.map(each -> each.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void isClosedToOthersFromTheBeginningAndGoesWithItsOwner() throws IOException {
    try (PrivateFolder folder = PrivateFolder.create(shared, "seat")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
          .isEqualTo("rwx------");
      Files.createDirectories(folder.path().resolve("a/b"));
      Files.writeString(folder.path().resolve("a/b/c"), "x");
    }

    assertThat(shared).isEmptyDirectory();
  }

  @Test
  void removesWhatDeadProcessesLeft() throws IOException {
    left("ponder-seat-1", "rwx------");

    PrivateFolder ours = PrivateFolder.create(shared, "web");

    assertThat(names()).containsExactly(ours.path().getFileName().toString());
    ours.close();
  }

  @Test
  void leavesWhatIsNotOursAloneAndFollowsNoLink(@TempDir Path elsewhere) throws IOException {
    Path precious = Files.writeString(elsewhere.resolve("precious"), "x");
    Files.writeString(elsewhere.resolve("alive.lock"), "");
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
    left("other-app-1", "rwx------");
    left("ponder-seat-open-to-others", "rwxr-xr-x");
    Files.createSymbolicLink(shared.resolve("ponder-seat-link"), elsewhere);
    Path inside = left("ponder-seat-2", "rwx------");
    Files.createSymbolicLink(inside.resolve("link"), elsewhere);
    Path linked = left("ponder-seat-3", "rwx------");
    Files.delete(linked.resolve("alive.lock"));
    Files.createSymbolicLink(linked.resolve("alive.lock"), precious);
    Files.writeString(shared.resolve("ponder-file"), "x");

    PrivateFolder ours = PrivateFolder.create(shared, "web");

    assertThat(names())
        .containsExactlyInAnyOrder(
            "other-app-1",
            "ponder-seat-open-to-others",
            "ponder-seat-link",
            "ponder-seat-3",
            "ponder-file",
            ours.path().getFileName().toString());
    assertThat(precious).hasContent("x");
    ours.close();
  }

  @Test
  void leavesWhatBelongsToALivingProcess() throws Exception {
    Path alive = left("ponder-seat-4", "rwx------");
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                alive.resolve("alive.lock").toString())
            .start();
    try {
      assertThat(owner.inputReader().readLine()).isEqualTo("locked");

      PrivateFolder.create(shared, "web").close();

      assertThat(alive.resolve("library.so")).exists();
    } finally {
      owner.destroyForcibly();
    }
  }
}
