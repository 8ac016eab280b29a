package dev.ponder.engine.jllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ponder.engine.Written;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What a seat that a model file has taken over can still do.
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class LockdownTests {

  @Test
  void aLockedProcessReachesNothing(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("allowed"), "x");
    Path secret = Files.writeString(folder.resolve("secret"), "x");
    Process other = new ProcessBuilder("sleep", "60").start();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Process probe =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:-UsePerfData",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockedProbe.class.getName(),
                  Integer.toString(server.getLocalPort()),
                  folder.toString(),
                  Long.toString(other.pid()))
              .redirectErrorStream(true)
              .start();
      List<String> said = probe.inputReader().lines().toList();
      assertThat(probe.waitFor(30, TimeUnit.SECONDS)).isTrue();

      assumeThat(said).as("this system has seccomp").anyMatch(it -> it.contains("no network"));
      assertThat(List.of("connect", "listen", "unix", "program", "write", "overwrite", "delete"))
          .allMatch(what -> said.stream().anyMatch(line -> line.startsWith("DENIED " + what)));
      assertThat(List.of("move", "signal"))
          .allMatch(what -> said.stream().anyMatch(line -> line.startsWith("DENIED " + what)));
      assertThat(said).contains("DONE allowed", "DONE thread");
      assertThat(secret).hasContent("x");
      assertThat(other.isAlive()).isTrue();
      if (said.getFirst().contains("reads Java and its model")) {
        assertThat(said).anyMatch(line -> line.startsWith("DENIED secret"));
        assertThat(said).anyMatch(line -> line.startsWith("DENIED environment"));
      }
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void everyThreadOfASeatIsLockedWhileItDecodes() throws IOException {
    try (JllamaEngine engine = Mini.engine()) {
      assertThat(Mini.readAll(engine.open(Mini.apples(Written.NOTHING, 8))).tokens()).isEqualTo(8);

      Path tasks = Path.of("/proc/" + engine.seatPid().orElseThrow() + "/task");
      assumeThat(Path.of("/proc/sys/kernel/seccomp")).exists();
      try (Stream<Path> each = Files.list(tasks)) {
        assertThat(each.map(LockdownTests::status))
            .isNotEmpty()
            .allMatch(it -> it.contains("Seccomp:\t2") && it.contains("NoNewPrivs:\t1"));
      }
    }
  }

  private static String status(Path task) {
    try {
      return Files.readString(task.resolve("status"));
    } catch (IOException endedMeanwhile) {
      return "Seccomp:\t2 NoNewPrivs:\t1";
    }
  }
}
