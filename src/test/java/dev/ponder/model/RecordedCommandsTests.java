package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.gguf.RandomQwen3Moe;
import dev.ponder.engine.llamaserver.TrialStart;
import dev.ponder.model.profile.Profile;
import dev.ponder.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The command lines that a real llama-server executable has taken, against those of today. A
/// server refuses to start over one option that it does not know, and no other test would notice.
class RecordedCommandsTests {

  private static final String RECORD_AGAIN =
      "%s: the command line of today, against the one that a real llama-server was started with. Have it started with this one: tools/record-commands";

  @TempDir Path folder;

  static List<Profile> profiles() {
    return Recorded.profiles();
  }

  static Stream<Arguments> stages() {
    return profiles().stream()
        .flatMap(profile -> Stream.of(Stage.values()).map(it -> Arguments.of(profile.name(), it)));
  }

  static Stream<String> names() {
    return profiles().stream().map(Profile::name);
  }

  private static Profile profile(String name) {
    return profiles().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  private static JsonNode starts() throws IOException {
    return JsonMapper.shared().readTree(Files.readString(Recorded.FILE)).get("starts");
  }

  @Test
  void everyProfileAndModeIsRecorded() throws IOException {
    assertThat(starts().propertyNames())
        .as("what is recorded; tools/record-commands does it anew")
        .containsExactlyElementsOf(names().toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void ponderStartsAServerAsItWasRecorded(String name) throws IOException {
    Path file = RandomQwen3Moe.write(folder.resolve("model.gguf"));

    List<String> today = TrialStart.commandLine(Recorded.model(profile(name), file));

    JsonNode recorded = starts().get(name).get("command");
    assertThat(today)
        .as(RECORD_AGAIN, name)
        .isEqualTo(recorded.valueStream().map(JsonNode::asString).toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theServerMadeOfItWhatTheProfileSays(String name) throws IOException {
    Profile profile = profile(name);
    int context = profile.whole("context").orElseThrow();
    int share = profile.on("memoryPooling") ? context : context / profile.sequences();

    JsonNode start = starts().get(name);

    assertThat(start.get("props").get("model_alias").asString()).isEqualTo(name);
    assertThat(start.get("props").get("total_slots").asInt()).isEqualTo(profile.sequences());
    assertThat(start.get("props").get("n_ctx").asInt()).isEqualTo(share);
    assertThat(start.get("props").get("temperature").asDouble())
        .isCloseTo(profile.number("temperature"), within(1e-6));
    assertThat(start.get("log").valueStream().map(JsonNode::asString))
        .contains(
            "I srv load_model: initializing, n_slots = %d, n_ctx_slot = %d, kv_unified = '%s'"
                .formatted(profile.sequences(), share, profile.on("memoryPooling")))
        .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("deprecated"));
  }

  @ParameterizedTest
  @MethodSource("stages")
  void eachStageWasSampledAsItAsks(String name, Stage stage) throws IOException {
    GenerationRequest asked = Recorded.request(profile(name), stage);

    JsonNode used = starts().get(name).get("stages").get(stage.key());

    var sampling = asked.sampling();
    assertThat(used.get("top_k").asInt()).isEqualTo(sampling.topK());
    closeTo(used, "temperature", sampling.temperature());
    closeTo(used, "top_p", sampling.topP());
    closeTo(used, "min_p", sampling.minP());
    closeTo(used, "repeat_penalty", sampling.repeatPenalty());
    // What no request names holds as the command line says.
    closeTo(used, "dry_multiplier", profile(name).whole("noRepeatNgram").isPresent() ? 0.8 : 0);
    assertThat(used.get("tokens_predicted").asInt()).isBetween(1, asked.maxTokens());
  }

  private static void closeTo(JsonNode used, String setting, double expected) {
    assertThat(used.get(setting).asDouble()).as(setting).isCloseTo(expected, within(1e-6));
  }
}
