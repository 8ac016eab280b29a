package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.cli.client.RunningService;
import dev.ponder.start.ServiceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ask` as a real process with a real child, which must never outlive it.
class OwnServiceTests {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static final long PATIENCE = 60;

  @TempDir private Path data;
  private final List<ProcessHandle> started = new ArrayList<>();

  @AfterEach
  void leavesNothingBehind() {
    started.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void asksOnAServiceOfItsOwnAndEndsIt() throws Exception {
    Process ask = ask("completed");

    assertThat(ask.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();

    assertThat(ask.exitValue()).isZero();
    assertThat(written("out")).startsWith("13\n").contains("show j1 --thoughts --data " + data);
    assertThat(Files.exists(data.resolve("service.json"))).isFalse();
  }

  @Test
  void endsItsServiceWhenItIsKilled() throws Exception {
    Process ask = ask("running");
    ProcessHandle child = child();

    ask.destroyForcibly();

    child.onExit().get(PATIENCE, TimeUnit.SECONDS);
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void leavesAResumableJobOnInterrupt() throws Exception {
    Process ask = ask("running");
    ProcessHandle child = child();
    awaitText("err", "is running");

    new ProcessBuilder("kill", "-INT", Long.toString(ask.pid())).start().waitFor();

    assertThat(ask.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
    assertThat(ask.exitValue()).isEqualTo(130);
    assertThat(child.isAlive()).isFalse();
    assertThat(written("err"))
        .contains("Go on with:  ./ponder resume j1 --data " + data)
        .endsWith("(exit 130: interrupted)\n");
  }

  @Test
  void saysWhyItsServiceDidNotStart() throws Exception {
    Process ask = ask("completed", "-version");

    assertThat(ask.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
    assertThat(ask.exitValue()).isEqualTo(3);
    assertThat(written("err")).contains("did not start").contains("ponder.log");
  }

  private Process ask(String status, String... jvmOptions) throws IOException {
    List<String> launcher = new ArrayList<>(List.of(JAVA));
    launcher.addAll(List.of(jvmOptions));
    launcher.addAll(List.of("-cp", CLASS_PATH, FakeService.class.getName(), status));
    List<String> command = new ArrayList<>(interruptible());
    command.addAll(
        List.of(
            JAVA,
            "-Ddev.ponder.launcher=" + String.join("\n", launcher),
            "-Ddev.ponder.terminal=false",
            "-cp",
            CLASS_PATH,
            "dev.ponder.Ponder",
            "ask",
            "why?",
            "--data",
            data.toString()));
    Process ask =
        new ProcessBuilder(command)
            .redirectOutput(data.resolve("out").toFile())
            .redirectError(data.resolve("err").toFile())
            .start();
    started.add(ask.toHandle());
    return ask;
  }

  /// A shell without job control lets what it starts in the background ignore SIGINT, and so do we
  /// then, and our children.
  private static List<String> interruptible() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return List.of();
    }
    boolean ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    return ignored ? List.of("env", "--default-signal=INT") : List.of();
  }

  private ProcessHandle child() throws Exception {
    Optional<ServiceFile> service = Optional.empty();
    for (int look = 0; look < PATIENCE * 20 && service.isEmpty(); look++) {
      started.getFirst().onExit().completeOnTimeout(null, 50, TimeUnit.MILLISECONDS).get();
      service = RunningService.in(data);
    }
    ProcessHandle child = ProcessHandle.of(service.orElseThrow().pid()).orElseThrow();
    started.add(child);
    return child;
  }

  private void awaitText(String file, String text) throws Exception {
    for (int look = 0; look < PATIENCE * 20 && !written(file).contains(text); look++) {
      started.getFirst().onExit().completeOnTimeout(null, 50, TimeUnit.MILLISECONDS).get();
    }
    assertThat(written(file)).contains(text);
  }

  private String written(String file) throws IOException {
    return Files.readString(data.resolve(file));
  }
}
