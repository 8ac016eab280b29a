package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelTests {

  @TempDir Path data;

  @Test
  void isUnpackedToAFileThatAnEngineCanRead() {
    Path file = new EmbeddedModel(data.resolve("models")).file();

    assertThat(file.getFileName().toString()).matches("thinking-mini-[0-9a-f]{64}\\.gguf");
    assertThat(GgufHeader.read(file).architecture()).isEqualTo("qwen2");
  }

  @Test
  void isUnpackedOnce() throws IOException {
    Path file = new EmbeddedModel(data).file();
    FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, longAgo);

    Path again = new EmbeddedModel(data).file();

    assertThat(again).isEqualTo(file);
    assertThat(Files.getLastModifiedTime(again)).isEqualTo(longAgo);
  }

  @Test
  void canBeUnpackedByManyAtOnce() throws Exception {
    Callable<Path> unpack = () -> new EmbeddedModel(data).file();
    List<Callable<Path>> eight = Stream.generate(() -> unpack).limit(8).toList();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Path>> files = threads.invokeAll(eight, 60, TimeUnit.SECONDS);

      assertThat(files).extracting(Future::get).containsOnly(new EmbeddedModel(data).file());
    }
    assertThat(filesIn(data)).hasSize(1);
  }

  @Test
  void replacesAFileThatIsDamaged() throws IOException {
    Path file = new EmbeddedModel(data).file();
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 1;
    Files.write(file, bad);

    new EmbeddedModel(data).file();

    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  @Test
  void replacesAFileThatIsCutOff() throws IOException {
    Path file = new EmbeddedModel(data).file();
    long whole = Files.size(file);
    Files.write(file, new byte[1000]);

    new EmbeddedModel(data).file();

    assertThat(file).hasSize(whole);
  }

  @Test
  void saysWhereItCannotBeUnpacked() throws IOException {
    Path file = Files.writeString(data.resolve("models"), "a file where the folder has to be");

    assertThatThrownBy(() -> new EmbeddedModel(file).file())
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("ponder.data");
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
