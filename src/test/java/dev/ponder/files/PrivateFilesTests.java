package dev.ponder.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PrivateFilesTests {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir private Path temporary;

  @Test
  void whateverTheProcessAndItsChildrenMakeIsTheOwnersAlone() throws Exception {
    Path made = Files.createDirectory(temporary.resolve("made"));

    // A process of its own, because all tests share the mask of theirs.
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 022; exec \"$@\"",
                "sh",
                JAVA,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                CLASS_PATH,
                Maker.class.getName(),
                made.toString())
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("log").toFile())
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(temporary.resolve("log"))).isEqualTo("true\n");
    assertThat(Files.list(made).map(path -> path.getFileName() + " " + rights(path)))
        .containsExactlyInAnyOrder(
            "by-java rw-------",
            "by-a-child rw-------",
            "folder rwx------",
            "db.mv.db rw-------",
            "db.trace.db rw-------");
  }

  @Test
  void aFolderIsTheOwnersAloneAndSoAreThoseAbove() throws Exception {
    Path folder = PrivateFiles.folder(temporary.resolve("a/b"));

    assertThat(rights(folder)).isEqualTo("rwx------");
    assertThat(rights(folder.getParent())).isEqualTo("rwx------");
  }

  @Test
  void believesOnlyAFileThatNobodyElseCouldHaveWritten() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), file);
    Path open = Files.writeString(temporary.resolve("open"), "x");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-r--"));
    Path everybodys = Files.createDirectory(temporary.resolve("everybodys"));
    Path inside = Files.writeString(everybodys.resolve("file"), "x");
    Files.setPosixFilePermissions(everybodys, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(PrivateFiles.whyNotOurs(file)).isEmpty();
    assertThat(PrivateFiles.whyNotOurs(link)).contains("is a symbolic link");
    assertThat(PrivateFiles.whyNotOurs(everybodys)).contains("is no regular file");
    assertThat(PrivateFiles.whyNotOurs(open)).contains("can be written by other users");
    assertThat(PrivateFiles.whyNotOurs(inside))
        .contains("is in a folder that other users can write to");
  }

  private static String rights(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Makes files by every hand there is: Java, H2 with its trace, a child.
  static final class Maker {
    public static void main(String[] args) throws Exception {
      System.out.println(PrivateFiles.only());
      Path folder = Path.of(args[0]);
      Files.writeString(folder.resolve("by-java"), "x");
      Files.createDirectory(folder.resolve("folder"));
      new ProcessBuilder("touch", folder.resolve("by-a-child").toString()).start().waitFor();
      var h2 = new JdbcDataSource();
      h2.setURL("jdbc:h2:file:" + folder.resolve("db") + ";TRACE_LEVEL_FILE=2");
      h2.getConnection().close();
    }
  }
}
