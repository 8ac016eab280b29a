package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufHeaderTests {
  private static final Path MINI =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir private Path folder;
  private byte[] good = {};

  @BeforeEach
  void read() throws IOException {
    good = Files.readAllBytes(MINI);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.gguf"), bytes);
  }

  private static void refused(Path file, String saying) {
    assertThatThrownBy(() -> GgufHeader.read(file))
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(saying);
  }

  @Test
  void saysWhatIsInTheFile() {
    GgufHeader header = GgufHeader.read(MINI);

    assertThat(header.architecture()).isEqualTo("qwen2");
    assertThat(header.name()).isEqualTo("Thinking Mini");
    assertThat(header.contextTokens()).isEqualTo(2048);
    assertThat(header.blocks()).isEqualTo(6);
    assertThat(header.heads()).isEqualTo(5);
    assertThat(header.keyValueHeads()).isEqualTo(5);
    assertThat(header.vocabulary()).isEqualTo(768);
    assertThat(header.fileType()).isEqualTo(7);
    assertThat(header.endOfTurn()).contains("<|im_end|>");
    assertThat(header.prefixToken()).isEmpty();
    assertThat(header.chatTemplate().orElseThrow()).contains("<think>");
    assertThat(header.specialTokens()).contains("<|im_start|>", "<think>", "</think>");
  }

  @Test
  void namesAFileThatIsMissingAFolderEmptyOrSomethingElse() throws IOException {
    refused(folder.resolve("nothing.gguf"), "does not exist");
    refused(folder, "is a folder");
    refused(file(new byte[0]), "is empty");
    refused(file("hello, this is no model".getBytes()), "is not a GGUF file");
    refused(file("GG".getBytes()), "is not a GGUF file");
  }

  @Test
  void countsTheBytesThatAreMissing() throws IOException {
    refused(file(Arrays.copyOf(good, good.length - 1)), "is cut off: 1 of");
    refused(file(Arrays.copyOf(good, good.length - 4096)), "is cut off: 4,096 of");
    refused(file(Arrays.copyOf(good, 5_000)), "is cut off: its header needs");
    refused(file(Arrays.copyOf(good, 20)), "is cut off: its header needs");
  }

  @Test
  void refusesAVersionItDoesNotKnow() throws IOException {
    good[4] = 9;

    refused(file(good), "version 9");
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void refusesCountsThatCannotBe(int place) throws IOException {
    Arrays.fill(good, place, place + 8, (byte) 0xFF);

    refused(file(good), "is damaged: it claims");
  }

  @Test
  void anyDamageGivesASentenceOrAHeader() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      byte[] damaged = Arrays.copyOf(good, random.nextInt(1, 40_000));
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = file(damaged);

      Throwable refusal = catchThrowable(() -> GgufHeader.read(file));

      assertThat(refusal)
          .as("seed %d, round %d", seed, round)
          .isInstanceOf(EngineException.Unusable.class);
    }
  }
}
