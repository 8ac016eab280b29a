package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DataFolderRightsTests {

  @TempDir private Path temporary;
  private Path data;

  @BeforeEach
  void anOpenFolder() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    rights(data, "rwxr-xr-x");
  }

  @Test
  void closesAFolderThatWasMadeOpen() throws Exception {
    Path database = open("ponder.mv.db");
    Path folder = Files.createDirectory(data.resolve("models"));
    Path model = Files.writeString(folder.resolve("m.gguf"), "x");
    rights(folder, "rwxrwxr-x");
    rights(model, "rw-rw-r--");
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "x");
    rights(elsewhere, "rw-r--r--");
    Files.createSymbolicLink(folder.resolve("linked.gguf"), elsewhere);

    DataFolderRights.check(data);

    assertThat(rights(data)).isEqualTo("rwx------");
    assertThat(rights(database)).isEqualTo("rw-------");
    assertThat(rights(folder)).isEqualTo("rwx------");
    assertThat(rights(model)).isEqualTo("rw-------");
    assertThat(rights(elsewhere)).isEqualTo("rw-r--r--");
  }

  @Test
  void closesTheFolderThatALinkLeadsTo() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), data);

    DataFolderRights.check(link);

    assertThat(rights(data)).isEqualTo("rwx------");
  }

  @Test
  void takesNothingFromAFolderThatHoldsFoldersOfOthers() throws Exception {
    Path letter = open("letter");
    Files.createDirectory(data.resolve("letters"));

    DataFolderRights.check(data);

    assertThat(rights(data)).isEqualTo("rwxr-xr-x");
    assertThat(rights(letter)).isEqualTo("rw-r--r--");
  }

  @Test
  void refusesAFolderThatEverybodyPutsFilesInto() throws Exception {
    Files.createDirectory(data.resolve("letters"));
    rights(data, "rwxrwxrwx");

    assertThatThrownBy(() -> DataFolderRights.check(data))
        .isInstanceOf(CannotStart.class)
        .hasMessage(
            "The data folder %s (ponder.data) is one that every user can put files into.", data);
    assertThatThrownBy(() -> DataFolderRights.check(Path.of("/tmp")))
        .isInstanceOf(CannotStart.class);
  }

  @Test
  void refusesADatabaseThatAnotherUserPutThere() throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can give a file to another");
    Files.setAttribute(open("ponder.mv.db"), "unix:uid", 12_345);

    assertThatThrownBy(() -> DataFolderRights.check(data))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("ponder.mv.db belongs to user 12345");
  }

  @Test
  void refusesAFolderOfAnotherUser() throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can give a folder to another");
    Files.setAttribute(data, "unix:uid", 12_345);

    assertThatThrownBy(() -> DataFolderRights.check(data))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("belongs to user 12345");
    assertThat(rights(data)).isEqualTo("rwxr-xr-x");
  }

  private Path open(String name) throws IOException {
    Path file = Files.writeString(data.resolve(name), "x");
    rights(file, "rw-r--r--");
    return file;
  }

  private static void rights(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
