package dev.ponder.engine.jllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.Written;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.gguf.RandomQwen3Moe;
import dev.ponder.engine.jllama.seat.JllamaModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Model files that cannot be used: each has its sentence, and a mended file is used at once.
class BadModelFileTests {
  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.gguf"), bytes);
  }

  private static JllamaEngine engine(Path file) {
    return new JllamaEngine(new JllamaModel("bad", file, 256, 1, 1, 0), SeatSettings.defaults());
  }

  private static void unusable(Path file, String saying) {
    try (JllamaEngine engine = engine(file)) {
      Throwable refusal =
          catchThrowable(() -> engine.open(Mini.apples(Written.NOTHING, 5)).close());

      assertThat(refusal)
          .isInstanceOf(EngineException.Unusable.class)
          .hasMessageContaining(saying)
          .hasMessageContaining(file.toString());
      assertThat(engine.health().state()).isEqualTo(State.UNUSABLE);
      assertThat(engine.health().detail()).contains(saying);
    }
  }

  private static byte[] replaced(byte[] bytes, String old, String with) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(old, with).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void saysWhyAFileCannotBeLoaded() throws IOException {
    byte[] good = Files.readAllBytes(Mini.FILE);

    unusable(folder.resolve("none.gguf"), "does not exist");
    unusable(folder, "is a folder");
    unusable(file(new byte[0]), "is empty");
    unusable(file("no model".getBytes(StandardCharsets.UTF_8)), "is not a GGUF file");
    unusable(file(Arrays.copyOf(good, good.length - 10)), "is cut off: 10 of");
  }

  @Test
  void namesTheEngineForAnArchitectureItDoesNotKnow() throws IOException {
    byte[] good = Files.readAllBytes(Mini.FILE);

    Path dense = file(replaced(good, "qwen2", "qwen3"));
    Path experts = RandomQwen3Moe.write(folder.resolve("experts.gguf"));

    unusable(dense, "'qwen3'");
    unusable(dense, "llama-server");
    unusable(dense, "OpenAI-compatible");
    unusable(experts, "'qwen3moe', which jllama 4.2.0 (llama.cpp b4916) cannot load");
    unusable(experts, "Serve it with llama-server or an OpenAI-compatible server");
  }

  @Test
  void saysSoWhenTheLibraryRefusesAFileThatLooksRight() throws IOException {
    byte[] good = Files.readAllBytes(Mini.FILE);

    unusable(file(replaced(good, "output_norm.weight", "output_gnom.weight")), "cannot be loaded");
  }

  @Test
  void aMendedFileIsUsedByTheNextRequest() throws IOException {
    Path file = file(new byte[10]);
    try (JllamaEngine engine = engine(file)) {
      assertThat(catchThrowable(() -> engine.countTokens("a")))
          .isInstanceOf(EngineException.Unusable.class);

      Files.copy(Mini.FILE, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      assertThat(Mini.readAll(engine.open(Mini.apples(Written.NOTHING, 5))).tokens()).isEqualTo(5);
    }
  }

  /// The library would run it while it loads, and has no limit for that.
  @Test
  void theTemplateOfAFileIsNotRunByTheLibrary() throws IOException {
    byte[] bytes = Files.readAllBytes(Mini.FILE);
    String template = GgufHeader.read(Mini.FILE).chatTemplate().orElseThrow();
    String endless = "{% for i in range(2000000000) %}<|im_start|>{% endfor %}";
    int length = template.getBytes(StandardCharsets.UTF_8).length;
    Path file = file(replaced(bytes, template, endless + " ".repeat(length - endless.length())));

    try (JllamaEngine engine = engine(file)) {
      engine.open(Mini.apples(Written.NOTHING, 5)).close();

      assertThat(engine.health().state()).isEqualTo(State.READY);
    }
  }
}
