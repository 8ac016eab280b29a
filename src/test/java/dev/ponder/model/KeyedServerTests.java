package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// Servers that want a key, of both kinds: a missing or wrong one shows before the first job.
@ExtendWith(OutputCaptureExtension.class)
class KeyedServerTests {

  @TempDir Path data;
  private HttpServer server;
  private volatile String wanted = "Bearer the-key";
  private volatile String listed = "{\"data\":[{\"id\":\"big\"}]}";
  private @Nullable ModelRegistry registry;

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answers("/health", false);
    answers("/props", true);
    answers("/v1/models", true);
    server.start();
  }

  @AfterEach
  void end() {
    if (registry != null) {
      registry.close();
    }
    server.stop(0);
  }

  private void answers(String path, boolean keyed) {
    server.createContext(
        path,
        exchange -> {
          String sent = exchange.getRequestHeaders().getFirst("Authorization");
          boolean refused = keyed && !wanted.equals(sent);
          String body =
              refused
                  ? "{\"error\":{\"message\":\"Invalid API Key: " + sent + "\"}}"
                  : path.equals("/v1/models") ? listed : FakeServer.props("big");
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(refused ? 401 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private String place() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private EngineHealth attached(boolean llama, String login, Map<String, ModelProfile> models) {
    List<ServerAddress> address = List.of(ServerAddress.of("http://" + login + place()));
    ModelSettings settings =
        new ModelSettings(
            models,
            "mini",
            0,
            data,
            llama ? address : List.of(),
            llama ? List.of() : address,
            Duration.ofSeconds(20),
            Duration.ofSeconds(10));
    ProfiledModels shelf =
        Shelves.shelf(
            new Profiles(new ProfileSettings("model-profiles")),
            Shelves.settings(data.resolve("models"), false),
            settings,
            Long.MAX_VALUE);
    registry = new ModelRegistry(settings, shelf.engines(), shelf, Instant::now);
    return registry.all().getFirst().health();
  }

  private ServedModel named(String name) {
    return registry.all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  private static ModelProfile keyed(@Nullable ServerAddress url, String engine, String key) {
    return new ModelProfile(
        null, engine, url, null, null, null, null, null, null, null, ApiKey.of(key), null, null);
  }

  @Test
  void aLlamaServerWithoutItsKeyIsUnusableAndTheSettingIsNamed() {
    EngineHealth health = attached(true, "", Map.of());

    assertThat(health.state()).isEqualTo(EngineHealth.State.UNUSABLE);
    assertThat(health.detail())
        .contains("wants a key and was sent none")
        .contains("Set LLAMA_API_KEY or ponder.models.[" + place() + "].key to a key");
  }

  @Test
  void aWrongKeyIsNotRepeatedThoughTheServerRepeatsIt() {
    EngineHealth health = attached(true, "", Map.of(place(), keyed(null, "", "wrong-key")));

    assertThat(health.state()).isEqualTo(EngineHealth.State.UNUSABLE);
    assertThat(health.detail())
        .contains("does not accept our key: status 401 (Invalid API Key: Bearer •••)")
        .doesNotContain("wrong-key");
  }

  @Test
  void theKeyOfAnAddressIsSentAndTheModelFound() {
    EngineHealth health = attached(true, "", Map.of(place(), keyed(null, "", "the-key")));

    assertThat(health.state()).isEqualTo(EngineHealth.State.READY);
    assertThat(registry.defaultModel()).isEqualTo("big");
  }

  @Test
  void aModelOfTheSettingsHasItsOwnKey() {
    ServerAddress url = ServerAddress.of("http://" + place());

    attached(
        true,
        "",
        Map.of("one", keyed(url, "llama-server", "the-key"), "two", keyed(url, "", "no")));

    assertThat(named("one").health().state()).isEqualTo(EngineHealth.State.READY);
    assertThat(named("two").health().detail()).contains("ponder.models.two.key");
  }

  @Test
  void userAndPasswordOfAnAddressAreSent() {
    wanted = "Basic bWU6czNjcmV0";

    assertThat(attached(true, "me:s3cret@", Map.of()).state()).isEqualTo(EngineHealth.State.READY);
    registry.close();
    assertThat(attached(false, "me:s3cret@", Map.of()).state()).isEqualTo(EngineHealth.State.READY);
    registry.close();
    EngineHealth refused = attached(false, "me:other@", Map.of());

    assertThat(refused.detail())
        .contains("does not accept the user and the password in its address")
        .doesNotContain("other", "me:");
    assertThat(registry.all().getFirst().name()).isEqualTo(place());
  }

  @Test
  void anOpenAiServerWithoutItsKeyIsUnusable() {
    EngineHealth health = attached(false, "", Map.of());

    assertThat(health.state()).isEqualTo(EngineHealth.State.UNUSABLE);
    assertThat(health.detail()).contains("wants a key and was sent none", "OPENAI_API_KEY");
  }

  @Test
  void modelsBeyondTheLimitAreSaidToBeLeftOut(CapturedOutput output) {
    wanted = "Bearer the-key";
    listed =
        IntStream.rangeClosed(1, 40)
            .mapToObj("{\"id\":\"m%d\"}"::formatted)
            .collect(Collectors.joining(",", "{\"data\":[", "]}"));

    attached(false, "", Map.of(place(), keyed(null, "", "the-key")));

    assertThat(registry.names()).contains("m1", "m32").doesNotContain("m33");
    assertThat(output)
        .contains("lists 40 models, and 32 of one server are taken at most")
        .contains("ponder.engine.openai.models-max", "m33, m34, m35, m36, m37, …");
  }
}
