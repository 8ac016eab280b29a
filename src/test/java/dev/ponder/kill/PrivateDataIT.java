package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The packaged service by `java -jar`, without the script: nobody else reads what it makes.
@DisabledOnOs(OS.WINDOWS)
class PrivateDataIT {

  @TempDir private Path temporary;

  @Test
  void whatTheServiceMakesIsItsUsersAloneAndTheLogHasNoPrompt() throws Exception {
    Path data = Files.createDirectory(temporary.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

    try (var service = new PackagedService(data).start()) {
      String job = service.submit("canary: how many coins are there?");
      service.until(job, "it is over", view -> view.get("status").asString().equals("completed"));

      assertThat(readableByOthers(data)).isEmpty();
      assertThat(service.log()).doesNotContain("canary").contains("From now on only its owner can");
    }
  }

  /// The log is made by the test, with the rights that a shell would give it.
  private static List<String> readableByOthers(Path data) throws Exception {
    var found = new ArrayList<String>();
    try (var files = Files.walk(data)) {
      for (Path each : files.filter(path -> !path.endsWith("log.txt")).toList()) {
        String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
        if (!rights.endsWith("------")) {
          found.add(each + " " + rights);
        }
      }
    }
    return found;
  }
}
