package dev.ponder.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ponder.engine.EngineException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever stands in a GGUF file: its header is read or refused in a sentence, and no number in it
/// makes the reader allocate. `jllama.NativeMutants` gives what is read to the native library.
class GgufFuzzTests {

  private static final Path MINI =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  /// The header of the file has 60 kB; reading it takes less than 1 MB.
  private static final long BYTES_MAX = 4L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"mini", "mixture"})
  void everyFieldCanHoldAnyNumber(String which) throws Exception {
    Path file = folder.resolve("mutant.gguf");

    try (GgufMutants mutants = new GgufMutants(bytes(which), file)) {
      int count = mutants.each(what -> readsOrRefuses(file, what));

      assertThat(count).isGreaterThan(3_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mini", "mixture"})
  void severalFieldsCanHoldAnyNumber(String which) throws Exception {
    long seed = new Random().nextLong();
    Path file = folder.resolve("mutant.gguf");

    try (GgufMutants mutants = new GgufMutants(bytes(which), file)) {
      mutants.atRandom(
          new Random(seed),
          2_000,
          what -> readsOrRefuses(file, "seed %d, %s".formatted(seed, what)));
    }
  }

  @Test
  void theSoundFilesAreRead() throws Exception {
    assertThat(GgufHeader.read(MINI).vocabulary()).isEqualTo(768);
    Path mixture = RandomQwen3Moe.write(folder.resolve("mixture.gguf"));
    assertThat(GgufHeader.read(mixture).tensors()).hasSize(27);
  }

  private byte[] bytes(String which) throws Exception {
    return Files.readAllBytes(
        which.equals("mini") ? MINI : RandomQwen3Moe.write(folder.resolve("sound.gguf")));
  }

  private static void readsOrRefuses(Path file, String what) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      GgufHeader.read(file).chatTemplate();
    } catch (EngineException.Unusable refusal) {
      assertThat(refusal).as(what).hasMessageStartingWith("The model file " + file);
      assertThat(refusal.getMessage()).as(what).matches("[ -~…]{30,700}\\.");
    } catch (Throwable other) {
      throw new AssertionError(what + " was not refused in a sentence", other);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(BYTES_MAX);
  }
}
