package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.model.store.FileServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
class PullCommandTests {

  private static final Path MINI =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir Path folder;

  private final Shell shell = new Shell();
  private byte[] good = {};
  private FileServer server;

  @BeforeEach
  void serve() throws IOException {
    good = Files.readAllBytes(MINI);
    server = new FileServer(good);
    Files.createDirectories(folder.resolve("profiles"));
    Files.writeString(
        folder.resolve("profiles/small.yaml"),
        """
        description: A small model.
        aim: tests
        aliases: [little]
        pipeline: mini
        engine: jllama
        architecture: qwen2
        source:
          huggingFace: Own/Small-GGUF
          file: small.gguf
        parameters:
          quantization: Q8_0
        """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void pullsAModelByAnyOfItsNames() throws IOException {
    int exit = pull("little");

    assertThat(shell.err).contains("2.2 MB of 2.2 MB, 100%");
    assertThat(exit).isZero();
    assertThat(shell.out).startsWith("small is here: " + file() + ", 2.2 MB, SHA-256 ");
    assertThat(file()).hasBinaryContent(good);
    assertThat(server.asked).containsExactly("/Own/Small-GGUF/resolve/main/small.gguf - - -");
    assertThat(pull("small")).isZero();
    assertThat(shell.out).startsWith("small is here already: ");
  }

  @Test
  void saysItInJson() {
    int exit = pull("small", "--json");

    assertThat(exit).isZero();
    assertThat(shell.err).isEmpty();
    var document = JsonMapper.shared().readTree(shell.out);
    assertThat(document.get("model").asString()).isEqualTo("small");
    assertThat(document.get("file").asString()).isEqualTo(file().toString());
    assertThat(document.get("bytes").asLong()).isEqualTo(good.length);
    assertThat(document.get("sha256").asString()).hasSize(64);
  }

  @Test
  void aTerminalGetsOneLineThatIsDrawnAgain() {
    shell.properties.put("dev.ponder.terminal", "true");

    pull("small");

    assertThat(shell.err).startsWith("\r\u001b[K").contains("100%").endsWith("\n");
  }

  @Test
  void anUnknownModelIsAMistakeInTheCommandLine() {
    assertThat(pull("smal")).isEqualTo(2);
    assertThat(shell.err)
        .contains("There is no model profile 'smal'; there are [")
        .contains("qwen3-7b")
        .contains("(exit 2: usage)");
  }

  @Test
  void whatShipsWithPonderNeedsNoPull() {
    assertThat(pull("mini")).isEqualTo(2);
    assertThat(shell.err).contains("it ships with Ponder");
  }

  @Test
  void aFileThatCannotBeGotAndAWrongOneHaveTheirOwnCodes() {
    server.refusing(404);
    assertThat(pull("small", "--json")).isEqualTo(10);
    assertThat(JsonMapper.shared().readTree(shell.out).at("/error/exit").asInt()).isEqualTo(10);
    assertThat(shell.err).contains("answers 404").contains("(exit 10: ");

    server.bytes = "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(pull("small")).isEqualTo(11);
    assertThat(shell.err).contains("is not a GGUF file").contains("(exit 11: ");
  }

  @Test
  void anotherSourceIsTakenFromTheCommandLine() {
    assertThat(pull("small", "--from", MINI.toString())).isZero();
    assertThat(server.asked).isEmpty();
    assertThat(file()).hasBinaryContent(good);
  }

  @Test
  void aSettingThatNobodyReadsPullsNothing() {
    assertThat(pull("small", "--ponder.store.offlin=true")).isEqualTo(3);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void aPullThatIsKilledGoesOnWithTheNextOne() throws Exception {
    server.breakingAfter(900_000);
    server.stalls = true;
    Process first = start();
    Path part = file().resolveSibling("small.gguf.part");
    try {
      awaitBytes(first, part, 900_000);
    } finally {
      first.destroyForcibly();
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(file()).doesNotExist();

    int exit = pull("small", "--json");

    assertThat(exit).isZero();
    assertThat(file()).hasBinaryContent(good);
    var document = JsonMapper.shared().readTree(shell.out);
    assertThat(document.get("resumed").asLong()).isEqualTo(900_000);
    assertThat(document.get("fetched").asLong()).isEqualTo(good.length - 900_000L);
    assertThat(server.asked.getLast()).contains("bytes=900000- \"one\"");
  }

  private void awaitBytes(Process process, Path part, long bytes)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!Files.exists(part) || Files.size(part) < bytes) {
      assertThat(process.isAlive()).as(() -> "the pull still runs: " + log()).isTrue();
      assertThat(System.nanoTime()).isLessThan(end);
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("pull.log"));
    } catch (IOException e) {
      return "no log";
    }
  }

  private Process start() throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.ponder.Ponder"),
                words("small"))
            .toList();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "pull.log"))
        .start();
  }

  private int pull(String... more) {
    return shell.run(words(more).toArray(String[]::new));
  }

  private Stream<String> words(String... more) {
    return Stream.concat(
        Stream.of("pull"),
        Stream.concat(
            Stream.of(more),
            Stream.of(
                "--data",
                folder.resolve("data").toString(),
                "--ponder.profiles-folder=" + folder.resolve("profiles"),
                "--ponder.store.hugging-face-url=" + server.url())));
  }

  private Path file() {
    return folder.resolve("data/models/small/small.gguf").toAbsolutePath().normalize();
  }
}
