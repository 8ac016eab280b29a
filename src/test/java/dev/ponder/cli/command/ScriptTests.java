package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script finds a JDK among folders that only look like one: it reads, and starts nothing.
class ScriptTests {

  private static final Path SCRIPT = Path.of("ponder").toAbsolutePath();

  @TempDir private Path folder;
  private String out = "";

  @Test
  void takesJavaHomeIfItIsNewEnough() throws Exception {
    Path home = jdk("chosen", "26.0.1");
    jdk("jvm/25", "25");

    int exit = which(Map.of("JAVA_HOME", home.toString()));

    assertThat(exit).isZero();
    assertThat(out).isEqualTo(home + "\n");
  }

  @Test
  void passesByAnOldJavaHomeForAVariableThatNamesANewerOne() throws Exception {
    Path old = jdk("old", "17.0.9");
    Path newer = jdk("newer", "25.0.3");

    which(Map.of("JAVA_HOME", old.toString(), "JAVA25_HOME", newer.toString()));

    assertThat(out).isEqualTo(newer + "\n");
  }

  @Test
  void takesTheInstalledJdkNearestToTheOneItNeeds() throws Exception {
    jdk("jvm/jdk-9", "9.0.4");
    jdk("jvm/jdk-27", "27-ea");
    Path right = jdk("jvm/with a space", "25.0.3");

    which(Map.of("JAVA_HOME", ""));

    assertThat(out).isEqualTo(right + "\n");
  }

  @Test
  void looksIntoTheFoldersOfAMac() throws Exception {
    Path home = jdk("jvm/temurin-25.jdk/Contents/Home", "25");

    which(Map.of());

    assertThat(out).isEqualTo(home + "\n");
  }

  @Test
  void takesNoRuntimeWithoutACompiler() throws Exception {
    Files.delete(jdk("jvm/runtime", "25").resolve("bin/javac"));

    int exit = which(Map.of());

    assertThat(exit).isEqualTo(1);
    assertThat(out).contains("Ponder needs a JDK 25 or newer").contains("apt install");
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    Path home = jdk("chosen", "25");
    Path link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT);

    int exit = run(link, Map.of("JAVA_HOME", home.toString()));
    Files.delete(link);

    assertThat(exit).isZero();
    assertThat(out).isEqualTo(home + "\n");
  }

  private int which(Map<String, String> environment) throws Exception {
    return run(SCRIPT, environment);
  }

  /// Only the variables of this test, and a PATH with a JDK that is too old.
  private int run(Path script, Map<String, String> environment) throws Exception {
    jdk("on-path", "17.0.1");
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString(), "--which-jdk").redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("PATH", folder.resolve("on-path/bin") + ":/usr/bin:/bin");
    builder.environment().put("PONDER_JDK_FOLDERS", folder.resolve("jvm").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    for (String tool : new String[] {"java", "javac"}) {
      Path file = home.resolve("bin").resolve(tool);
      if (!Files.exists(file)) {
        Files.writeString(file, "#!/bin/sh\nexit 1\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
      }
    }
    return home;
  }
}
