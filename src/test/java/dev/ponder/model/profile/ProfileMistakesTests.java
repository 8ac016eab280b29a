package dev.ponder.model.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ponder.yaml.FileMistakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileMistakesTests {

  @TempDir Path folder;

  private String large = "";

  @BeforeEach
  void read() throws IOException {
    large = Files.readString(Path.of("model-profiles/qwen3-30b.yaml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "topK: 40|topK: many|line 24, parameters.topK: found 'many', accepted: a whole number from 0 to 1000000",
        "topK: 40|topk: 40|line 24, parameters.topk: found 'topk', which is no parameter here (nearest: topK), accepted: quantization",
        "topP: 0.9|topP: 1.5|line 23, parameters.topP: found '1.5', accepted: a number from 0 to 1",
        "engine: llama-server|engine: ollama|line 5, engine: found 'ollama', accepted: one of llama-server, jllama, openai",
        "flashAttention: true|flashAttention: on|line 28, parameters.flashAttention: found 'on', accepted: true or false",
        "flashAttention: true|kvType: q9|line 28, parameters.kvType: found 'q9', accepted: one of f32, f16",
        "  huggingFace: Qwen/Qwen3-30B-A3B-GGUF|  huggingFace: Qwen|line 8, source.huggingFace: found 'Qwen', accepted: a repository such as",
        "  huggingFace: Qwen/Qwen3-30B-A3B-GGUF|  sha256: x|line 8, source: found 0 places, accepted: one of embedded, path, url, huggingFace",
        "  huggingFace: Qwen/Qwen3-30B-A3B-GGUF|  url: ftp://me:secret@h/x.gguf|line 8, source.url: found 'ftp://•••@h/x.gguf', accepted: an address that begins with http://",
        "tokensPerSecond: 25|tokensPerHour: 25|targets.tokensPerHour: found 'tokensPerHour', which is no target here (nearest: tokensPerSecond)",
        "  context: 32768|  context: 65537|line 11, parameters: found a context of 65,537 for 2 sequences and contextNative 32,768, accepted: at most the native context for each, or a ropeScaling",
        "  batch: 128|  sequenceTokens: 32769|line 11, parameters: found sequenceTokens 32,769 and a context of 32,768, accepted: a context that holds one",
        "batch: 64|batsh: 64|modes.reasoning.parameters.batsh: found 'batsh', which is no parameter here (nearest: batch)",
        "  reasoning:|  Reasoning!:|modes: found 0 modes, accepted: 1 to 20 named modes"
      })
  void aMistakeNamesFileLineKeyValueAndWhatIsAccepted(String from, String to, String message)
      throws IOException {
    assertThat(large).contains(from);

    List<String> messages =
        refused(large.replaceFirst("(?m)" + java.util.regex.Pattern.quote(from), to));

    assertThat(messages)
        .anySatisfy(told -> assertThat(told).startsWith(file() + ", ").contains(message));
  }

  @Test
  void aParameterThatItsEngineCannotDoIsRefusedUnlessItIsOptional() throws IOException {
    List<String> messages = refused(large.replaceFirst("(?m)^optional: .*$", ""));

    assertThat(messages).hasSize(6);
    assertThat(messages.get(1))
        .isEqualTo(
            file()
                + ", line 30, parameters.beamWidth: found '4', which the engine llama-server cannot"
                + " do (llama.cpp has no beam search; best of n does it, three branches of which"
                + " verification picks), accepted: the name beamWidth under optional, to go without"
                + " it; or another engine");
  }

  @Test
  void anotherEngineCannotDoOtherThings() throws IOException {
    List<String> messages = refused(large.replace("engine: llama-server", "engine: jllama"));

    assertThat(messages)
        .anyMatch(told -> told.contains("parameters.batch: found '128', which the engine jllama"))
        .anyMatch(told -> told.contains("parameters.flashAttention"))
        .noneMatch(told -> told.contains("parameters.threads"))
        .noneMatch(told -> told.contains("parameters.cpuOffload"));
  }

  @Test
  void aModeMayMarkItsOwnParametersAsOptional() throws IOException {
    String small = Files.readString(Path.of("model-profiles/qwen3-1.7b.yaml"));

    List<String> messages = refused(small.replace("optional: [earlyExit, ", "optional: ["));

    assertThat(messages)
        .singleElement()
        .asString()
        .contains("modes.realtime.parameters.earlyExit")
        .contains("computes all layers");
  }

  @Test
  void aNameOfAnotherModelIsTaken() throws IOException {
    Files.writeString(
        folder.resolve("own.yaml"), large.replaceFirst("aim:", "aliases: [qwen3-8b]\naim:"));

    FileMistakes refused = started();

    assertThat(refused)
        .hasMessage(
            "%s, aliases: found 'qwen3-8b', which model-profiles/qwen3-8b.yaml has, accepted: names that no other profile has",
            folder.resolve("own.yaml"));
  }

  @Test
  void aFileOnDiskReplacesThePackedOneOfItsName() throws IOException {
    Files.writeString(file(), large.replace("topK: 40", "topK: 41"));

    Profiles profiles = new Profiles(new ProfileSettings(folder.toString()));

    assertThat(profiles.find("qwen3-30b").orElseThrow().whole("topK")).hasValue(41);
    assertThat(profiles.find("qwen3-8b")).isPresent();
  }

  private Path file() {
    return folder.resolve("qwen3-30b.yaml");
  }

  private List<String> refused(String source) throws IOException {
    Files.writeString(file(), source);
    return started().mistakes().stream().map(FileMistakes.Mistake::toString).toList();
  }

  private FileMistakes started() {
    return catchThrowableOfType(
        FileMistakes.class, () -> new Profiles(new ProfileSettings(folder.toString())));
  }
}
