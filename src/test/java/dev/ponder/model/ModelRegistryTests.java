package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.llamaserver.KvSnapshotSettings;
import dev.ponder.engine.llamaserver.LlamaServerSettings;
import dev.ponder.engine.llamaserver.ManagedServerSettings;
import dev.ponder.engine.openai.OpenAiSettings;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import dev.ponder.model.store.ModelStore;
import dev.ponder.model.store.StoreSettings;
import dev.ponder.time.Deadline;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

class ModelRegistryTests {

  private static final ModelProfile MINI = file("embedded:", "mini");

  @TempDir Path data;

  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private ModelRegistry registry;
  private Profiles profiles = Profiles.of();

  @AfterEach
  void close() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void listsTheDefaultModelFirst() {
    start(Map.of("mini", MINI, "big", file("/nowhere/big.gguf", "qwen3-30b-thinking")));

    assertThat(registry.names()).containsExactly("mini", "big");
    assertThat(registry.defaultModel()).isEqualTo("mini");
    assertThat(registry.pipeline("mini")).isEqualTo("mini");
    assertThat(registry.pipeline("big")).isEqualTo("qwen3-30b-thinking");
    assertThat(registry.pipeline("never heard of")).isEqualTo("qwen3-30b-thinking");
  }

  @Test
  void askingHowAModelIsStartsNothing() {
    start(Map.of("mini", MINI));

    assertThat(registry.all().getFirst().health().state()).isEqualTo(State.IDLE);
    assertThat(new EngineHealthIndicator(registry).health().getStatus()).isEqualTo(Status.UP);
    assertThat(data.resolve("models")).doesNotExist();
  }

  @Test
  void thinksWithTheEmbeddedModel() {
    start(Map.of("mini", MINI));

    Engine engine = registry.engine("mini");
    try (TokenStream stream = engine.open(request())) {
      assertThat(stream.next()).isNotNull();
    }

    assertThat(engine).isInstanceOf(ResilientEngine.class).isSameAs(registry.engine("mini"));
    assertThat(registry.all().getFirst().capabilities().contextTokens()).isEqualTo(2048);
    assertThat(registry.all().getFirst().health().state()).isEqualTo(State.READY);
  }

  @Test
  void aBadFileIsUnusableAndTheOthersWork() throws IOException {
    Path garbage = Files.writeString(data.resolve("garbage.gguf"), "this is no model");
    start(Map.of("mini", MINI, "bad", file(garbage.toString(), "mini")));

    assertThatThrownBy(() -> registry.engine("bad"))
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("garbage.gguf");

    ServedModel bad = registry.all().get(1);
    assertThat(bad.health().state()).isEqualTo(State.UNUSABLE);
    assertThat(bad.health().detail()).contains("garbage.gguf").contains("GGUF");
    assertThat(registry.engine("mini")).isNotNull();
    assertThat(new EngineHealthIndicator(registry).health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void aFileThatIsMendedIsUsedAtOnce() throws IOException {
    Path file = data.resolve("later.gguf");
    start(Map.of("mini", MINI, "later", file(file.toString(), "mini")));
    assertThatThrownBy(() -> registry.engine("later")).hasMessageContaining("does not exist");

    Files.copy(new EmbeddedModel(data).file(), file);

    assertThat(registry.engine("later")).isNotNull();
    assertThat(registry.all().get(1).health().state()).isEqualTo(State.IDLE);
  }

  @Test
  void aBadDefaultModelShowsInTheHealth() {
    start(Map.of("mini", file("/nowhere/mini.gguf", "mini")));

    var health = new EngineHealthIndicator(registry).health();

    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails().get("mini").toString())
        .contains("unusable")
        .contains("/nowhere/mini.gguf");
  }

  @Test
  void anUnknownModelMayComeBack() {
    start(Map.of("mini", MINI));

    assertThatThrownBy(() -> registry.engine("gone"))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("'gone'")
        .hasMessageContaining("[mini]")
        .hasMessageContaining("ponder.models.gone");
  }

  @Test
  void anUnknownDefaultModelStopsTheStart() {
    assertThatThrownBy(() -> registry(settings("mimi", Map.of("mini", MINI), List.of())))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("[mini]");
  }

  @Test
  void theModelOfAnAttachedServerIsTheDefaultUnderTheNameItReports() throws IOException {
    try (FakeServer server = FakeServer.holding("qwen3-30b")) {
      start(Map.of("mini", MINI), server.url());

      assertThat(registry.names()).containsExactly("qwen3-30b", "mini");
      assertThat(registry.defaultModel()).isEqualTo("qwen3-30b");
      assertThat(registry.pipeline("qwen3-30b")).isEqualTo("qwen3-30b-thinking");
      assertThat(registry.engine("qwen3-30b").capabilities().contextTokens()).isEqualTo(8192);
      assertThat(registry.engine(server.url().getAuthority()))
          .isSameAs(registry.engine("qwen3-30b"));
    }
  }

  @Test
  void aServerThatReportsAPathIsNamedByItsFile() throws IOException {
    try (FakeServer server = FakeServer.holding("/models/Tiny-Q8_0.gguf")) {
      start(Map.of("mini", MINI), server.url());

      assertThat(registry.defaultModel()).isEqualTo("Tiny-Q8_0");
    }
  }

  @Test
  void aProfileDescribesTheAttachedModelOfItsName() throws IOException {
    try (FakeServer server = FakeServer.holding("small")) {
      ModelProfile profile =
          new ModelProfile(
              null, null, null, null, null, null, "mini", null, null, null, null, null, null);
      start(Map.of("mini", MINI, "small", profile), server.url());

      assertThat(registry.names()).containsExactly("small", "mini");
      assertThat(registry.pipeline("small")).isEqualTo("mini");
    }
  }

  @Test
  void aServerWithATakenNameKeepsItsAddress() throws IOException {
    try (FakeServer server = FakeServer.holding("mini")) {
      start(Map.of("mini", MINI), server.url());

      assertThat(registry.names()).containsExactly(server.url().getAuthority(), "mini");
    }
  }

  @Test
  void aServerThatIsNotThereYetIsDownAndFoundLater() throws IOException {
    int port = FakeServer.freePort();
    String address = "127.0.0.1:" + port;
    start(Map.of("mini", MINI), URI.create("http://" + address));
    assertThat(registry.names()).containsExactly(address, "mini");
    assertThat(registry.all().getFirst().health().state()).isEqualTo(State.DOWN);
    assertThat(new EngineHealthIndicator(registry).health().getStatus()).isEqualTo(Status.DOWN);

    try (FakeServer server = new FakeServer(port, FakeServer.props("late"))) {
      assertThat(registry.defaultModel()).as("asked again too soon").isEqualTo(address);
      now = now.plusSeconds(10);

      assertThat(registry.defaultModel()).isEqualTo("late");
      assertThat(registry.names()).containsExactly("late", "mini");
      assertThat(registry.engine(address)).isSameAs(registry.engine("late"));
      assertThat(registry.all().getFirst().health().state()).isEqualTo(State.READY);
    }
  }

  @Test
  void aServerThatReportsTheNameOfAProfileTakesItsPlace() throws IOException {
    profiles = new Profiles(new ProfileSettings("model-profiles"));
    try (FakeServer server = FakeServer.holding("qwen3-7b")) {
      start(Map.of(), server.url());

      assertThat(registry.all())
          .extracting(ServedModel::name)
          .containsExactly("qwen3-7b", "mini", "qwen3-1.7b", "qwen3-30b", "qwen3-30b-thinking");
      assertThat(registry.all().getFirst().described().name()).isEqualTo("qwen3-8b");
      assertThat(registry.all().getFirst().state()).isEqualTo("ready");
    }
  }

  /// Each look would be a request with the operator's key, and whoever reaches the port can look.
  @Test
  void howeverOftenSomebodyLooksAServerIsAskedOnceInAWhile() throws IOException {
    try (FakeServer llama = FakeServer.holding("big");
        FakeServer three = FakeServer.holding("none")) {
      start(List.of(llama.url()), List.of(three.url()));
      int before = llama.asked() + three.asked();

      var indicator = new EngineHealthIndicator(registry);
      var controller = new ModelController(registry);
      for (int i = 0; i < 500; i++) {
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(controller.list().items())
            .extracting(ModelView::state)
            .containsExactly("ready", "ready", "ready", "ready", "idle");
      }

      // Twice, should the looks take longer than an answer is kept.
      assertThat(llama.asked() + three.asked() - before).isBetween(2, 4);
    }
  }

  @Test
  void aClosedRegistryGivesOutNoEngines() {
    start(Map.of("mini", MINI));

    registry.close();

    assertThatThrownBy(() -> registry.engine("mini"))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("stopped");
  }

  @Test
  void isListedOverHttp() {
    start(Map.of("mini", MINI, "bad", file("/nowhere/bad.gguf", "mini")));
    MockMvcTester http = MockMvcTester.of(new ModelController(registry));

    var answer = http.get().uri("/v1/models").accept(MediaType.APPLICATION_JSON).exchange();

    assertThat(answer).hasStatusOk().bodyJson().extractingPath("$.items[0].name").isEqualTo("mini");
    assertThat(answer).bodyJson().extractingPath("$.items[0].isDefault").isEqualTo(true);
    assertThat(answer).bodyJson().extractingPath("$.items[0].state").isEqualTo("idle");
    assertThat(answer).bodyJson().extractingPath("$.items[0].capabilities").isNull();
    assertThat(answer).bodyJson().extractingPath("$.items[1].state").isEqualTo("unusable");
    assertThat(answer).bodyJson().extractingPath("$.items[1].file").isEqualTo("/nowhere/bad.gguf");
  }

  private void start(List<URI> llamaServers, List<URI> openAiServers) {
    registry =
        registry(
            new ModelSettings(
                Map.of("mini", MINI),
                "mini",
                0,
                data,
                addresses(llamaServers),
                addresses(openAiServers),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10)));
  }

  private static List<ServerAddress> addresses(List<URI> servers) {
    return servers.stream().map(URI::toString).map(ServerAddress::of).toList();
  }

  private void start(Map<String, ModelProfile> models, URI... servers) {
    registry = registry(settings("mini", models, List.of(servers)));
  }

  private ModelRegistry registry(ModelSettings settings) {
    InstantSource time = () -> now;
    var beans = new DefaultListableBeanFactory();
    Engines engines =
        new Engines(
            settings,
            ResilienceSettings.defaults(),
            SeatSettings.defaults(),
            LlamaServerSettings.defaults(),
            ManagedServerSettings.defaults(),
            KvSnapshotSettings.defaults(),
            OpenAiSettings.defaults(),
            beans.getBeanProvider(MeterRegistry.class),
            time);
    return new ModelRegistry(settings, engines, shelf(engines), time);
  }

  private ProfiledModels shelf(Engines engines) {
    StoreSettings settings = Shelves.settings(data.resolve("models"), false);
    ModelStore store = new ModelStore(settings);
    return new ProfiledModels(
        profiles,
        store,
        new BackgroundPulls(store),
        settings,
        new MemoryCheck(new LoadSettings(true, null), () -> Long.MAX_VALUE),
        engines);
  }

  private ModelSettings settings(
      String standard, Map<String, ModelProfile> models, List<URI> servers) {
    return new ModelSettings(
        models,
        standard,
        0,
        data,
        addresses(servers),
        List.of(),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10));
  }

  private static ModelProfile file(String file, String pipeline) {
    return new ModelProfile(
        file, "jllama", null, 2048, 6, 1, pipeline, null, null, null, null, null, null);
  }

  private GenerationRequest request() {
    return new GenerationRequest(
        new Conversation("Stage: analysis. State the facts, the question and a plan.", "1 + 1?"),
        Written.NOTHING,
        new Sampling(0, 1, 0, 0, 0, 1),
        7,
        16,
        Deadline.in(Duration.ofMinutes(5), () -> now),
        "test/0");
  }
}
