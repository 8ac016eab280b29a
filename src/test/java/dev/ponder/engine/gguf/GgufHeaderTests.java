package dev.ponder.engine.gguf;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.jllama.seat.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

  private GgufFile small() {
    return new GgufFile()
        .put("general.architecture", "llama")
        .put("llama.context_length", 128)
        .put("llama.embedding_length", 32)
        .put("llama.block_count", 2)
        .put("llama.attention.head_count", 4)
        .put("llama.attention.head_count_kv", 2)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .putTexts("tokenizer.ggml.tokens", List.of("a", "b", "c"))
        .putWholes("tokenizer.ggml.token_type", List.of(1, 1, 3))
        .put("tokenizer.ggml.eos_token_id", 2);
  }

  private Path written(GgufFile file) throws IOException {
    Path path = folder.resolve("small.gguf");
    file.write(path);
    return path;
  }

  @Test
  void readsAFileThatFitsTogether() throws IOException {
    GgufFile file = small().tensor("a", 0, new byte[128], 32).tensor("b", 0, new byte[4], 1);

    assertThat(GgufHeader.read(written(file)).vocabulary()).isEqualTo(3);
  }

  /// CVE-2025-53630 added the sizes of tensors without a look at the sum, CVE-2026-27940 the size
  /// of the whole to that of its description. Either ended in a block of memory smaller than what
  /// was read into it.
  @Test
  void refusesSizesWhoseSumIsLargerThanAnyNumber() throws IOException {
    long half = 1L << 61;

    refused(
        written(small().claim("a", 0, 0, half, 1).claim("b", 0, 4 * half, half, 1)),
        "tensor a is larger than any file");
    refused(
        written(small().claim("a", 24, 0, Long.MAX_VALUE - 40).claim("b", 24, -64, 64)),
        "tensor b lies at 18446744073709551552");
    refused(
        written(
            small()
                .claim("a", 24, 0, Long.MAX_VALUE - 1000)
                .claim("b", 24, 9_223_372_036_854_774_816L, 2000)),
        "larger than any file");
    refused(written(small().claim("a", 24, 0, (1L << 62) + 1, 4)), "larger than any file");
    refused(written(small().claim("a", 0, 0, (1L << 42) + 1, 1 << 20)), "larger than any file");
    refused(written(small().claim("a", 24, 0, Long.MAX_VALUE - 4096)), "bytes are missing");
  }

  @Test
  void refusesTensorsThatCannotBe() throws IOException {
    refused(written(small().claim("a", 0, 0, 0)), "a dimension of 0");
    refused(written(small().claim("a", 0, 0, -5)), "a dimension of -5");
    refused(written(small().claim("a", 0, 0)), "has 0 dimensions");
    refused(written(small().claim("a", 0, 0, 1, 1, 1, 1, 1)), "has 5 dimensions");
    refused(written(small().claim("a", 8, 0, 33)), "stored in blocks of 32");
    refused(written(small().claim("a", 4, 0, 32)), "has the type 4");
    refused(written(small().claim("a", 99, 0, 32)), "has the type 99");
    refused(written(small().claim("a", 0, 32, 8)), "lies at 32");
    refused(written(small().claim("x".repeat(64), 0, 0, 8)), "a name of a tensor of 64 bytes");
    refused(written(small().claim("\0a", 0, 0, 8)), "something else than letters");
    refused(written(small().claim("\u001b]52;c;x\u0007", 0, 0, 8)), "something else than letters");
    refused(
        written(small().tensor("a", 0, new byte[32], 8).tensor("a", 0, new byte[32], 8)),
        "the tensor a twice");
    refused(
        written(small().tensor("a", 0, new byte[32], 8).claim("b", 0, 0, 8)),
        "tensor b lies at 0 and the one before it ends at 32");
    refused(
        written(small().tensor("a", 0, new byte[128], 8)), "has 96 bytes behind its last tensor");
  }

  @Test
  void refusesEntriesThatDoNotFitTogether() throws IOException {
    refused(mended("general.alignment", 24), "power of two");
    refused(
        written(small().put("general.file_type", 7f).tensor("a", 0, new byte[4], 1)),
        "its general.file_type has the type 6");
    refused(mended("general.alignment", 1 << 30), "its general.alignment is");
    refused(mended("llama.block_count", 1_000_000), "its llama.block_count is 1000000");
    refused(mended("tokenizer.ggml.bos_token_id", 3), "its tokenizer.ggml.bos_token_id is 3");
    refused(mended("llama.expert_used_count", 2), "it uses 2 of 0 experts");
    refused(mended("llama.rope.dimension_count", 7), "an odd number of dimensions");
    refused(written(small().put("llama.context_length", 64)), "the key llama.context_length twice");
    refused(mended("", 1), "a key of 0 bytes");
    refused(
        written(
            small()
                .putWholes("tokenizer.ggml.scores", List.of(1, 2, 3))
                .tensor("a", 0, new byte[4], 1)),
        "its tokenizer.ggml.scores is not a list of type");
    refused(
        written(
            small()
                .putRaw(
                    "tokenizer.ggml.scores",
                    9,
                    new byte[] {6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .tensor("a", 0, new byte[4], 1)),
        "has 1 elements for 3 tokens");
    refused(
        written(small().putRaw("x", 9, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})),
        "a list holds lists");
    refused(written(small().putRaw("x", 7, new byte[] {9})), "is a flag and has the value 9");
    refused(
        written(small().put("llama.rope.freq_base", Float.NaN).tensor("a", 0, new byte[4], 1)),
        "its llama.rope.freq_base is NaN");
  }

  @Test
  void refusesForTheSeatWhatItsLibraryWouldEndItsProcessAt() throws IOException {
    assertThatCode(() -> Architectures.check(GgufHeader.read(MINI))).doesNotThrowAnyException();
    seatRefuses(small(), "a tokenizer that is none of");
    GgufFile file = small().put("tokenizer.ggml.model", "gpt2");
    seatRefuses(
        file.put("llama.expert_count", 300).put("llama.expert_used_count", 2), "300 experts");
    seatRefuses(
        small().put("tokenizer.ggml.model", "gpt2").put("llama.rope.scaling.type", "su"),
        "scales positions");
    seatRefuses(
        small().put("tokenizer.ggml.model", "gpt2").tensor("i", 26, new byte[4], 1),
        "is no weight");
  }

  private void seatRefuses(GgufFile file, String saying) throws IOException {
    GgufHeader header = GgufHeader.read(written(file.tensor("z", 0, new byte[4], 1)));

    assertThatThrownBy(() -> Architectures.check(header)).hasMessageContaining(saying);
  }

  private Path mended(String key, int value) throws IOException {
    return written(
        new GgufFile()
            .put("general.architecture", "llama")
            .putTexts("tokenizer.ggml.tokens", List.of("a", "b", "c"))
            .put(key, value)
            .tensor("a", 0, new byte[4], 1));
  }

  @Test
  void refusesTwoTokensOfOneText() throws IOException {
    GgufFile file =
        new GgufFile()
            .put("general.architecture", "llama")
            .putTexts("tokenizer.ggml.tokens", List.of("a", "b", "a"))
            .tensor("a", 0, new byte[4], 1);

    refused(written(file), "two of its tokens have one text");
  }

  @Test
  void refusesAFileForBigEndianMachines() throws IOException {
    good[4] = 0;
    good[7] = 3;

    refused(file(good), "big-endian");
  }

  @Test
  void checksEachFileOfAModelInSeveral() throws IOException {
    GgufFile first =
        small().put("split.count", 2).put("split.no", 0).tensor("a", 0, new byte[4], 1);
    Path one = folder.resolve("m-00001-of-00002.gguf");
    Path two = folder.resolve("m-00002-of-00002.gguf");
    first.write(one);

    assertThatThrownBy(() -> GgufHeader.read(one)).hasMessageContaining(two + " does not exist");
    Files.writeString(two, "GGUF but nothing else");
    assertThatThrownBy(() -> GgufHeader.read(one)).hasMessageContaining(two.toString());
    small().put("split.count", 2).put("split.no", 1).tensor("b", 0, new byte[4], 1).write(two);
    assertThat(GgufHeader.read(one).architecture()).isEqualTo("llama");
    refused(written(first), "a part of a model in 2 files");
  }

  @Test
  void noticesThatTheFileWasReplaced() throws IOException {
    Path file = file(good);
    GgufHeader header = GgufHeader.read(file);
    header.requireUnchanged();

    Files.move(Files.write(folder.resolve("other"), good), file, REPLACE_EXISTING);

    assertThatThrownBy(header::requireUnchanged).hasMessageContaining("was changed");
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
