package dev.ponder.model.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.Pipelines;
import dev.ponder.stage.Stage;
import dev.ponder.stage.Switch;
import dev.ponder.stage.YamlPipelines;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The values that the product promises for each model, and the options that carry them.
class ShippedProfilesTests {

  private final Profiles profiles = new Profiles(new ProfileSettings("model-profiles"));

  @Test
  void fiveProfilesAndTheirModesAreShipped() {
    Map<String, List<String>> modes = new TreeMap<>();
    profiles.all().forEach(it -> modes.put(it.name(), List.copyOf(it.modes().keySet())));

    assertThat(modes)
        .containsExactly(
            Map.entry("mini", List.of()),
            Map.entry("qwen3-1.7b", List.of("batch", "realtime")),
            Map.entry("qwen3-30b", List.of("reasoning")),
            Map.entry("qwen3-30b-thinking", List.of()),
            Map.entry("qwen3-8b", List.of("technical", "qa")));
    assertThat(profiles.find("qwen3-7b")).map(Profile::name).contains("qwen3-8b");
    assertThat(profiles.find("qwen3-7b:qa")).map(Profile::name).contains("qwen3-8b:qa");
    assertThat(profiles.find("qwen3-7b:reasoning")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen3-1.7b           | -c 16384 -b 1024 -t 12 -np 8 --temp 0.3 --top-p 0.8 --top-k 20 -fa on -ctk q8_0 -ctv q8_0 --rope-scaling linear --rope-scale 1 --load-mode mmap+mlock -kvu",
        "qwen3-1.7b:batch     | -c 16384 -b 2048 -t 12 -np 4 --temp 0.3 --top-p 0.8 --top-k 20 -fa on -ctk q8_0 -ctv q8_0 --rope-scaling linear --rope-scale 1 --load-mode mmap+mlock -cb -kvu",
        "qwen3-1.7b:realtime  | -c 8192 -b 1024 -t 12 -np 1 --temp 0.3 --top-p 0.8 --top-k 20 -fa on -ctk f16 -ctv f16 --rope-scaling linear --rope-scale 1 --load-mode mmap+mlock -ngl 999 -kvu --warmup",
        "qwen3-8b             | -c 24576 -b 512 -t 10 -np 4 --temp 0.7 --top-p 0.9 --top-k 40 --repeat-penalty 1.05 -fa on --rope-scale 1 -kvu",
        "qwen3-8b:technical   | -c 32768 -b 512 -t 10 -np 4 --temp 0.5 --top-p 0.85 --top-k 40 --repeat-penalty 1.1 -fa on --rope-scale 1 -kvu",
        "qwen3-8b:qa          | -c 24576 -b 256 -t 10 -np 4 --temp 0.8 --top-p 0.92 --top-k 50 --repeat-penalty 1.05 -fa on --rope-scale 1 -kvu",
        "qwen3-30b            | -c 32768 -b 128 -t 8 -np 2 --temp 0.7 --top-p 0.9 --top-k 40 --repeat-penalty 1.02 --dry-multiplier 0.8 --dry-allowed-length 2 -fa on -ngl 999 -sm none -kvu",
        "qwen3-30b:reasoning  | -c 32768 -b 64 -t 8 -np 2 --temp 0.6 --top-p 0.88 --top-k 40 --repeat-penalty 1.02 --dry-multiplier 0.8 --dry-allowed-length 2 -fa on -ngl 999 -sm none -kvu -n 4096",
        "qwen3-30b-thinking   | -c 32768 -b 32 -t 8 -np 1 --temp 0.7 -fa on -ctk q8_0 -ctv q8_0",
      })
  void llamaServerIsStartedWithTheValuesOfTheProfile(String name, String options) {
    assertThat(String.join(" ", profile(name).llamaServerOptions())).isEqualTo(options);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "qwen3-1.7b          | 2.5 | 4  | -  | 32768  | 16",
        "qwen3-1.7b:realtime | 2.5 | 4  | -  | 32768  | 1",
        "qwen3-8b            | 8   | 12 | 4  | 32768  | 4",
        "qwen3-8b:technical  | 8   | 12 | 10 | 32768  | 4",
        "qwen3-8b:qa         | 8   | 12 | 7  | 32768  | 4",
        "qwen3-30b           | 25  | 35 | 8  | 32768  | 2",
        "qwen3-30b:reasoning | 25  | 35 | 16 | 32768  | 2",
        "qwen3-30b-thinking  | 25  | 40 | 8  | 262144 | 1"
      })
  void memoryFiguresAreLimits(
      String name, double weights, long memory, Long kv, int trained, int requests) {
    Profile profile = profile(name);

    assertThat(profile.fileBytesMax()).hasValue(Math.round(weights * 1e9));
    assertThat(profile.memoryBytes()).hasValue(memory * 1_000_000_000L);
    assertThat(profile.kvBytesMax().orElse(-1)).isEqualTo(kv == null ? -1 : kv * 1_000_000_000L);
    assertThat(profile.whole("contextNative")).hasValue(trained);
    assertThat(profile.whole("concurrentRequests")).hasValue(requests);
  }

  @ParameterizedTest
  @CsvSource({
    "mini, 2048, 6",
    "qwen3-1.7b, 16384, 8",
    "qwen3-1.7b:batch, 8192, 4",
    "qwen3-1.7b:realtime, 8192, 1",
    "qwen3-8b, 24576, 4",
    "qwen3-8b:technical, 32768, 4",
    "qwen3-8b:qa, 16384, 4",
    "qwen3-30b, 32768, 2",
    "qwen3-30b-thinking, 32768, 1"
  })
  void aSequenceHoldsWhatTheProfileSays(String name, int tokens, int sequences) {
    assertThat(profile(name).sequenceTokens()).hasValue(tokens);
    assertThat(profile(name).sequences()).isEqualTo(sequences);
  }

  @Test
  void targetsAreTheProductsOwn() {
    assertThat(profile("qwen3-1.7b").targets())
        .containsExactly(
            Map.entry("tokensPerSecond", 150.0),
            Map.entry("responseSeconds", 10.0),
            Map.entry("memoryEfficiency", 0.95));
    assertThat(profile("qwen3-8b:qa").targets())
        .containsEntry("tokensPerSecond", 80.0)
        .containsEntry("responseSeconds", 20.0)
        .containsEntry("memoryEfficiency", 0.88)
        .containsEntry("qualityScore", 8.5);
    assertThat(profile("qwen3-30b").targets())
        .containsEntry("tokensPerSecond", 25.0)
        .containsEntry("responseSeconds", 60.0)
        .containsEntry("qualityScore", 9.2)
        .containsEntry("coherence", 9.0)
        .containsEntry("factualAccuracy", 0.95);
    assertThat(profile("qwen3-30b-thinking").targets())
        .containsEntry("tokensPerSecond", 5.0)
        .containsEntry("responseSeconds", 1800.0)
        .containsEntry("qualityScore", 9.5)
        .containsEntry("depth", 9.0)
        .containsEntry("selfConsistency", 0.92)
        .containsEntry("errorDetection", 0.88)
        .containsEntry("thinkingEfficiency", 0.75);
  }

  @Test
  void whatNoOptionCarriesIsNamedWithItsReason() {
    assertThat(profile("qwen3-30b").notCarried())
        .containsOnlyKeys(
            "lengthPenalty",
            "beamWidth",
            "diversityPenalty",
            "earlyStopping",
            "lengthNormalization",
            "attentionCacheLayers");
    assertThat(profile("qwen3-30b").notCarried().get("beamWidth")).contains("best of n");
    assertThat(profile("qwen3-1.7b").notCarried()).isEmpty();
    assertThat(profile("mini").notCarried()).isEmpty();
  }

  @Test
  void whatThePipelineCarriesIsInThePipelineOfTheProfile() {
    Pipelines pipelines = new YamlPipelines(new PipelineSettings("stage-configs"));
    Profile thinking = profile("qwen3-30b-thinking");

    Pipeline pipeline = pipelines.find(thinking.pipeline()).orElseThrow();

    assertThat(pipeline.timeout()).hasSeconds(thinking.whole("thinkingTimeoutSeconds").orElse(0));
    assertThat(pipeline.maxThinkingTokens()).isEqualTo(thinking.whole("thinkingTokens").orElse(0));
    assertThat(pipeline.stage(Stage.FINAL_OUTPUT).temperature())
        .isEqualTo(thinking.number("outputTemperature"));
    assertThat(pipeline.stage(Stage.DEEP_EXPLORATION).temperature())
        .isEqualTo(thinking.number("temperature"));
    assertThat(pipeline.stage(Stage.DEEP_EXPLORATION).branches()).isEqualTo(3);
    assertThat(pipeline.switches())
        .contains(
            Switch.PROGRESSIVE_REVELATION,
            Switch.SELF_REFLECTION,
            Switch.ERROR_CORRECTION,
            Switch.CONFIDENCE_ASSESSMENT,
            Switch.ALTERNATIVE_CONSIDERATION,
            Switch.METACOGNITION);
    assertThat(profiles.all())
        .allSatisfy(profile -> assertThat(pipelines.find(profile.pipeline())).isPresent());
  }

  private Profile profile(String name) {
    return profiles.find(name).orElseThrow();
  }
}
