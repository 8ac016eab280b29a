package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class MemoryEstimateTests {

  @TempDir Path folder;

  /// The shapes of the models: 28 and 36 layers with 8 key/value heads, 48 with 4, all of 128.
  @ParameterizedTest
  @CsvSource({
    "qwen3, 28, 16, 8, 128, f16, 114688",
    "qwen3, 36, 32, 8, 128, f16, 147456",
    "qwen3moe, 48, 32, 4, 128, f16, 98304",
    "qwen3moe, 48, 32, 4, 128, q8_0, 52224",
    "qwen3moe, 48, 32, 4, 128, f32, 196608"
  })
  void aTokenTakesKeysAndValuesOfAllLayers(
      String family, int layers, int heads, int kvHeads, int head, String type, long bytes)
      throws IOException {
    GgufHeader header = header(family, layers, heads, kvHeads, head);

    assertThat(MemoryEstimate.kvBytesPerToken(header, type)).isEqualTo(bytes);
  }

  @Test
  void theEstimateAddsWeightsCacheAndWorkSpace() throws IOException {
    GgufHeader header = header("qwen3moe", 48, 32, 4, 128);

    MemoryEstimate flash = MemoryEstimate.of(header, 21_700_000_000L, 32_768, 128, "f16", true);
    MemoryEstimate plain = MemoryEstimate.of(header, 21_700_000_000L, 32_768, 128, "f16", false);

    assertThat(flash.kvCache()).isEqualTo(3_221_225_472L);
    assertThat(flash.total())
        .isEqualTo(flash.weights() + flash.kvCache() + flash.workSpace())
        .isBetween(24_900_000_000L, 25_200_000_000L);
    assertThat(plain.workSpace() - flash.workSpace()).isEqualTo(4L * 32 * 128 * 32_768);
  }

  @Test
  void everyShippedProfileFitsIntoTheMemoryItSetsAside() throws IOException {
    Profiles profiles = new Profiles(new ProfileSettings("model-profiles"));
    MemoryCheck check = new MemoryCheck(new LoadSettings(true, null), () -> Long.MAX_VALUE);

    for (Profile profile : profiles.all()) {
      GgufHeader header =
          switch (profile.name()) {
            case "qwen3-1.7b" -> header("qwen3", 28, 16, 8, 128);
            case "qwen3-8b" -> header("qwen3", 36, 32, 8, 128);
            default -> header("qwen3moe", 48, 32, 4, 128);
          };
      long file = Math.round(profile.fileBytesMax().orElse(3_000_000) * 0.87);
      var modes = new ArrayList<>(profile.modes().values());
      modes.add(profile);
      for (Profile mode : modes) {
        assertThatNoException()
            .as(mode.name())
            .isThrownBy(() -> check.check(mode.name(), estimate(header, file, mode), mode));
      }
      profile
          .memoryBytes()
          .ifPresent(
              aside ->
                  assertThatThrownBy(
                          () -> check.check("larger", estimate(header, aside, profile), profile))
                      .isInstanceOf(EngineException.Unusable.class));
    }
  }

  private static MemoryEstimate estimate(GgufHeader header, long file, Profile profile) {
    return MemoryEstimate.of(
        header,
        file,
        profile.whole("context").orElseThrow(),
        profile.whole("batch").orElse(2048),
        profile.kvType(),
        profile.on("flashAttention"));
  }

  @Test
  void aRefusalNamesBothNumbersAndTheContextThatWouldFit() throws IOException {
    GgufHeader header = header("qwen3", 36, 32, 8, 128);
    MemoryEstimate estimate = MemoryEstimate.of(header, 5_000_000_000L, 24_576, 512, "f16", true);
    MemoryCheck check = new MemoryCheck(new LoadSettings(true, null), () -> 7_000_000_000L);

    assertThatThrownBy(() -> check.check("qwen3-8b", estimate, null))
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("it needs 8.7")
        .hasMessageContaining("weights 5.00 GB")
        .hasMessageContaining("KV cache 3.62 GB for 24,576 tokens in f16")
        .hasMessageContaining("this machine has 7.00 GB available")
        .hasMessageContaining("A context of 12,800 tokens would fit")
        .hasMessageContaining("kvCompression or a smaller quantization");
  }

  @Test
  void whereNotEvenTheWeightsFitAnotherModelIsNamed() throws IOException {
    MemoryEstimate estimate =
        MemoryEstimate.of(header("qwen3", 36, 32, 8, 128), 5_000_000_000L, 512, 512, "f16", true);
    MemoryCheck check =
        new MemoryCheck(new LoadSettings(true, DataSize.ofGigabytes(2)), () -> Long.MAX_VALUE);

    assertThatThrownBy(() -> check.check("qwen3-8b", estimate, null))
        .hasMessageContaining("ponder.load.memory-limit")
        .hasMessageContaining("a smaller model");
  }

  @Test
  void theCheckCanBeSwitchedOff() throws IOException {
    MemoryEstimate estimate =
        MemoryEstimate.of(header("qwen3", 36, 32, 8, 128), 5_000_000_000L, 512, 512, "f16", true);

    assertThatThrownBy(() -> oneByte(true).check("qwen3-8b", estimate, null))
        .isInstanceOf(EngineException.Unusable.class);
    assertThatNoException().isThrownBy(() -> oneByte(false).check("qwen3-8b", estimate, null));
  }

  private static MemoryCheck oneByte(boolean checked) {
    return new MemoryCheck(new LoadSettings(checked, null), () -> 1);
  }

  @Test
  void theMemoryOfAContainerCounts() throws IOException {
    write("proc/meminfo", "MemTotal: 64000000 kB\nMemAvailable: 32000000 kB\n");
    assertThat(new MachineMemory(folder).available()).isEqualTo(32_000_000L * 1024);

    write("sys/fs/cgroup/memory.max", "4000000000\n");
    write("sys/fs/cgroup/memory.current", "1500000000\n");
    write("sys/fs/cgroup/memory.stat", "anon 1000000\ninactive_file 500000000\n");
    assertThat(new MachineMemory(folder).available()).isEqualTo(3_000_000_000L);

    write("sys/fs/cgroup/memory.max", "max\n");
    assertThat(new MachineMemory(folder).available()).isEqualTo(32_000_000L * 1024);
  }

  @Test
  void thisMachineHasSomeMemory() {
    assertThat(MachineMemory.ofThisMachine().available()).isPositive();
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private GgufHeader header(String family, int layers, int heads, int kvHeads, int head)
      throws IOException {
    Path file = folder.resolve("%s-%d.gguf".formatted(family, layers));
    return GgufHeader.read(Headers.write(file, family, layers, heads, kvHeads, head, 15));
  }
}
