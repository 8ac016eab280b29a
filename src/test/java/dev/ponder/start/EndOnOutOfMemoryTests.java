package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// As `java -jar ponder.jar serve` starts it: without options.
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class EndOnOutOfMemoryTests {

  private static Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx24m", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(OutOfMemoryProbe.class.getName(), "ein Wörtchen", "💾", ""));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.start();
  }

  @Test
  void theProcessEndsThoughAThreadCatchesTheError() throws Exception {
    Process process = start();

    List<String> said = process.inputReader().lines().toList();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said.toString()).isEqualTo(3);
    assertThat(said).contains("pid " + process.pid() + " with ein Wörtchen,💾,");
    assertThat(said).doesNotContain("caught");
  }

  @Test
  void whoDecidedOtherwiseIsAsked() throws Exception {
    Process process = start("-XX:-ExitOnOutOfMemoryError");

    assertThat(process.inputReader().lines().anyMatch("caught"::equals)).isTrue();
    process.destroyForcibly();
  }
}
