package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.engine.Capability;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.openai.Continuation;
import dev.ponder.engine.openai.DialectServer;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/// OpenAI-compatible servers among the models, and the order in which models take over.
class AttachedServerTests {

  private static final ModelProfile EMBEDDED = configured("embedded:", null, null, null, null);

  @TempDir Path data;
  private final DialectServer server = new DialectServer();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private @Nullable ModelRegistry registry;

  @AfterEach
  void end() {
    if (registry != null) {
      registry.close();
    }
    server.close();
  }

  private static ModelProfile configured(
      @Nullable String file,
      @Nullable URI url,
      @Nullable String servedAs,
      @Nullable ApiKey key,
      @Nullable List<String> fallback) {
    return new ModelProfile(
        file,
        url == null ? null : "openai",
        url == null ? null : ServerAddress.of(url.toString()),
        null,
        null,
        null,
        "mini",
        null,
        servedAs,
        servedAs == null ? null : Continuation.NONE,
        key,
        fallback,
        null);
  }

  private static ModelProfile falling(String... to) {
    return configured("embedded:", null, null, null, List.of(to));
  }

  private ModelRegistry start(Map<String, ModelProfile> models, URI... servers) {
    return start(new Profiles(new ProfileSettings("model-profiles")), models, servers);
  }

  private ModelRegistry start(Profiles profiles, Map<String, ModelProfile> models, URI... servers) {
    ModelSettings settings =
        new ModelSettings(
            models,
            "mini",
            0,
            data,
            List.of(),
            Stream.of(servers).map(URI::toString).map(ServerAddress::of).toList(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10));
    ProfiledModels shelf =
        Shelves.shelf(
            profiles, Shelves.settings(data.resolve("models"), false), settings, Long.MAX_VALUE);
    registry = new ModelRegistry(settings, shelf.engines(), shelf, () -> now);
    return registry;
  }

  @Test
  void everyModelThatAServerListsCanBeAskedForAndTheFirstIsTheDefault() {
    server.named("thinker", "writer");

    start(Map.of(), server.url());

    assertThat(registry.defaultModel()).isEqualTo("thinker");
    assertThat(registry.names()).startsWith("thinker", "writer").contains("mini");
    assertThat(registry.all().getFirst().kind()).isEqualTo("openai");
    assertThat(registry.pipeline("writer")).isEqualTo("qwen3-30b-thinking");
    assertThat(registry.engine("writer").capabilities().contextTokens()).isEqualTo(4096);
    assertThat(server.asked().getLast().get("model").asString()).isEqualTo("writer");
  }

  @Test
  void aServerThatIsNotThereYetHasItsAddressForAName() {
    server.named();
    String address = server.url().getAuthority();
    start(Map.of(), server.url());
    assertThat(registry.defaultModel()).isEqualTo(address);

    server.named("thinker");
    now = now.plusSeconds(11);

    assertThat(registry.defaultModel()).isEqualTo("thinker");
    assertThat(registry.engine(address)).isSameAs(registry.engine("thinker"));
  }

  @Test
  void aNameThatAnotherModelHasIsLeftOut() {
    server.named("mini", "thinker");

    start(Map.of(), server.url());

    assertThat(registry.defaultModel()).isEqualTo("thinker");
    assertThat(registry.all().stream().filter(model -> model.name().equals("mini"))).hasSize(1);
    assertThat(registry.engine("mini").model()).isEqualTo("mini");
  }

  @Test
  void aServerTakesThePlaceOfTheProfileWhoseNameItReports() {
    server.named("qwen3-8b");

    start(Map.of(), server.url());

    assertThat(registry.pipeline("qwen3-8b")).isEqualTo(shipped("qwen3-8b").pipeline());
    assertThat(registry.all().stream().filter(model -> model.name().equals("qwen3-8b")))
        .singleElement()
        .extracting(ServedModel::kind)
        .isEqualTo("openai");
  }

  private static dev.ponder.model.profile.Profile shipped(String name) {
    return new Profiles(new ProfileSettings("model-profiles")).find(name).orElseThrow();
  }

  @Test
  void theSettingsDescribeAServerWithItsKeyAndTheNameItHasThere() {
    start(
        Map.of("mine", configured(null, server.url(), "org/thinker", ApiKey.of("sk-mine"), null)));

    var can = registry.engine("mine").capabilities();

    assertThat(can.offer(Capability.CONTINUATION)).isFalse();
    assertThat(server.asked().getLast().get("model").asString()).isEqualTo("org/thinker");
    assertThat(server.keys()).contains("Bearer sk-mine");
  }

  @Test
  void aProfileOfAServerNeedsItsAddress() throws Exception {
    Path folder = Files.createDirectory(data.resolve("profiles"));
    Files.writeString(
        folder.resolve("remote.yaml"),
        """
        description: A model on a server of somebody else.
        aim: tests
        pipeline: mini
        engine: openai
        fallback: [mini]
        parameters:
          topP: 0.9
          sequences: 2
          context: 4096
        """);
    Profiles profiles = new Profiles(new ProfileSettings(folder.toString()));

    start(profiles, Map.of());
    ModelRegistry without = registry;
    String state = model("remote").state();
    assertThatThrownBy(() -> without.engine("remote"))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("ponder.models.remote.url");
    without.close();
    start(profiles, Map.of("remote", configured(null, server.url(), null, null, null)));
    var can = registry.engine("remote").capabilities();

    assertThat(state).isEqualTo("down");
    assertThat(registry.fallbacks("remote")).containsExactly("mini");
    assertThat(can.sequences()).isEqualTo(2);
    assertThat(can.contextTokens()).isEqualTo(2048);
  }

  private ServedModel model(String name) {
    return registry.all().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoTakesOverIsShownBesideTheCircuit() {
    start(Map.of("mine", falling("mini")));

    ModelView view = ModelView.of(model("mine"), false);

    assertThat(view.fallback()).containsExactly("mini");
    assertThat(view.circuit()).isNull();
    assertThat(registry.fallbacks("mine")).containsExactly("mini");
    assertThat(registry.resting("mine")).isFalse();
  }

  @Test
  void aFallbackThatIsNotThereStopsTheStart() {
    assertThatThrownBy(() -> start(Map.of("mine", falling("minni"))))
        .isInstanceOfSatisfying(
            InvalidConfigurationPropertyValueException.class,
            it -> {
              assertThat(it.getName()).isEqualTo("ponder.models.mine.fallback");
              assertThat(it.getValue()).isEqualTo("minni");
              assertThat(it.getReason()).contains("There is no such model").contains("mini");
            });
  }

  @Test
  void aFallbackMayStillHaveToBeReportedByAServer() {
    server.named();

    start(Map.of("mine", falling("thinker")), server.url());

    assertThat(registry.fallbacks("mine")).containsExactly("thinker");
  }

  @Test
  void anOrderThatLeadsBackStopsTheStart() {
    assertThatThrownBy(() -> start(Map.of("mine", falling("mine"))))
        .hasMessageContaining("ponder.models.mine.fallback")
        .hasMessageContaining("the model itself");
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "one", falling("two"), "two", falling("three"), "three", falling("one"))))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("leads back to");
  }

  @Test
  void severalMayHaveTheSameFallback() {
    start(Map.of("one", falling("two", "mini"), "two", falling("mini"), "mini", EMBEDDED));

    assertThat(registry.fallbacks("one")).containsExactly("two", "mini");
  }
}
