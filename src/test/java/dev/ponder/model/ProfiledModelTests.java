package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import dev.ponder.model.profile.Source;
import dev.ponder.model.store.FileServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Status;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

class ProfiledModelTests {

  private static final Path MINI =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir Path data;

  private Profiles profiles = new Profiles(new ProfileSettings("model-profiles"));
  private ModelRegistry registry;
  private long memory = Long.MAX_VALUE;
  private boolean onDemand;

  @AfterEach
  void close() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void aModelThatIsNotPulledStopsNothingAndSaysHowToGetIt() {
    start(Map.of());

    assertThat(registry.all())
        .extracting(ServedModel::name)
        .containsExactly("mini", "qwen3-1.7b", "qwen3-30b", "qwen3-30b-thinking", "qwen3-8b");
    ServedModel large = model("qwen3-8b");
    assertThat(large.state()).isEqualTo("not_pulled");
    assertThat(large.health().detail())
        .isEqualTo("Model qwen3-8b is not pulled. Get it with: ./ponder pull qwen3-8b");
    assertThat(new EngineHealthIndicator(registry).health().getStatus()).isEqualTo(Status.UP);
    assertThatThrownBy(() -> registry.engine("qwen3-8b:qa"))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("Get it with: ./ponder pull qwen3-8b");
    assertThat(data.resolve("models")).doesNotExist();
  }

  @Test
  void jobsCanAskForAliasesAndModes() {
    start(Map.of());

    assertThat(registry.names())
        .contains("qwen3-7b", "qwen3-7b:qa", "qwen3-8b:technical", "qwen3-1.7b:batch")
        .startsWith("mini")
        .doesNotHaveDuplicates();
    assertThat(registry.pipeline("qwen3-7b:qa")).isEqualTo("qwen3-30b-thinking");
    assertThat(registry.pipeline("mini")).isEqualTo("mini");
  }

  @Test
  void theEmbeddedModelRunsByItsProfile() {
    start(Map.of());

    var can = registry.engine("mini").capabilities();

    assertThat(can.contextTokens()).isEqualTo(2048);
    assertThat(can.sequences()).isEqualTo(6);
  }

  @Test
  void settingsOfTheSameNameAreLaidOverAProfile() {
    ModelProfile over =
        new ModelProfile(null, null, null, 1024, 2, null, null, 40.0, null, null, null, null, null);
    start(Map.of("mini", over));

    var can = registry.engine("mini").capabilities();

    assertThat(can.contextTokens()).isEqualTo(1024);
    assertThat(can.sequences()).isEqualTo(2);
    assertThat(model("mini").profile().pace()).isEqualTo(40.0);
    assertThat(model("mini").profile().pipeline()).isEqualTo("mini");
  }

  @Test
  void settingsChangeTheOptionsOfAProfileAndItsModes() {
    Profile changed = profiles.find("qwen3-8b").orElseThrow().adjusted(8192, 2, 6);

    assertThat(changed.llamaServerOptions())
        .containsSequence("-c", "16384", "-b", "512", "-t", "6", "-np", "2");
    assertThat(changed.modes().get("qa").llamaServerOptions())
        .containsSequence("-c", "16384", "-b", "256", "-t", "6", "-np", "2");
    assertThat(changed.modes().get("qa").sequenceTokens()).hasValue(8192);
  }

  @Test
  void aProfileCanBeServedByAServerThatRuns() throws IOException {
    try (FakeServer server = FakeServer.holding("whatever")) {
      start(
          Map.of(
              "qwen3-8b",
              new ModelProfile(
                  null,
                  null,
                  ServerAddress.of(server.url().toString()),
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null)));

      assertThat(model("qwen3-8b").state()).isEqualTo("ready");
      var can = registry.engine("qwen3-8b:qa").capabilities();
      assertThat(can.contextTokens()).isEqualTo(8192);
      assertThat(can.sequences()).isEqualTo(4);
      assertThat(model("qwen3-1.7b").state()).isEqualTo("not_pulled");
    }
  }

  @Test
  void anotherEngineThanTheProfilesIsRefused() {
    ModelProfile over =
        new ModelProfile(
            "x.gguf", "jllama", null, null, null, null, null, null, null, null, null, null, null);

    assertThatThrownBy(() -> start(Map.of("qwen3-8b", over)))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("model-profiles/qwen3-8b.yaml says llama-server");
  }

  @Test
  void aFileOfAnotherModelIsRefused() throws IOException {
    pulled("qwen3-8b", "Qwen3-8B-Q4_K_M.gguf", "qwen3moe", 48, 4, 15);
    pulled("qwen3-1.7b", "Qwen3-1.7B-Q4_K_S.gguf", "qwen3", 28, 8, 15);
    start(Map.of());

    assertThat(model("qwen3-8b").health().state()).isEqualTo(State.UNUSABLE);
    assertThat(model("qwen3-8b").health().detail())
        .contains("has the architecture 'qwen3moe' and the profile qwen3-8b wants 'qwen3'");
    assertThat(model("qwen3-1.7b").health().detail())
        .contains("is stored as Q4_K_M and the profile qwen3-1.7b wants Q4_K_S");
  }

  @Test
  void aModelThatDoesNotFitIsRefusedBeforeItIsLoaded() throws IOException {
    pulled("qwen3-8b", "Qwen3-8B-Q4_K_M.gguf", "qwen3", 36, 8, 15);
    memory = 2_000_000_000L;
    start(Map.of());

    assertThat(model("qwen3-8b").state()).isEqualTo("unusable");
    assertThatThrownBy(() -> registry.engine("qwen3-8b"))
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("KV cache 3.62 GB for 24,576 tokens")
        .hasMessageContaining("this machine has 2.00 GB available")
        .hasMessageContaining("A context of 1");
  }

  @Test
  void aModelIsPulledWhenAJobNeedsItIfThatIsWanted() throws Exception {
    onDemand = true;
    try (FileServer server = new FileServer(Files.readAllBytes(MINI))) {
      profiles = Profiles.of(profiles.find("mini").orElseThrow(), small(server.url()));
      start(Map.of());

      assertThatThrownBy(() -> registry.engine("small"))
          .isInstanceOf(EngineException.Unavailable.class)
          .hasMessageContaining("is being pulled");

      await().atMost(Duration.ofSeconds(60)).until(() -> model("small").state().equals("idle"));
      assertThat(registry.engine("small").capabilities().contextTokens()).isEqualTo(512);
    }
  }

  @Test
  void theApiShowsProfilesWithModesTargetsAndWhatIsNotCarried() {
    start(Map.of());
    MockMvcTester http = MockMvcTester.of(new ModelController(registry));

    var answer = http.get().uri("/v1/models").exchange();

    assertThat(answer).bodyJson().extractingPath("$.items[0].profile.modes").asArray().isEmpty();
    assertThat(answer).bodyJson().extractingPath("$.items[2].name").isEqualTo("qwen3-30b");
    assertThat(answer).bodyJson().extractingPath("$.items[2].state").isEqualTo("not_pulled");
    assertThat(answer).bodyJson().extractingPath("$.items[2].engine").isEqualTo("llama-server");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[2].profile.modes[0].name")
        .isEqualTo("qwen3-30b:reasoning");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[2].profile.notCarried.beamWidth")
        .asString()
        .contains("best of n");
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[2].profile.targets.tokensPerSecond")
        .isEqualTo(25.0);
  }

  private static Profile small(String url) {
    return new Profile(
        "small",
        "small.yaml",
        "Small.",
        "tests",
        List.of(),
        List.of(),
        "mini",
        "jllama",
        List.of(),
        "qwen2",
        new Source.Web(URI.create(url) + "/small.gguf", null),
        Map.of("sequenceTokens", 512, "context", 1024, "sequences", 2),
        Map.of(),
        Map.of());
  }

  private void pulled(
      String model, String file, String family, int layers, int kvHeads, int fileType)
      throws IOException {
    Path place = data.resolve("models").resolve(model).resolve(file);
    Files.createDirectories(place.getParent());
    Headers.write(place, family, layers, 32, kvHeads, 128, fileType);
  }

  private void start(Map<String, ModelProfile> models) {
    ModelSettings settings = Shelves.models(data, models);
    ProfiledModels shelf =
        Shelves.shelf(
            profiles, Shelves.settings(data.resolve("models"), onDemand), settings, memory);
    registry = new ModelRegistry(settings, shelf.engines(), shelf, InstantSource.system());
  }

  private ServedModel model(String name) {
    return registry.all().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
