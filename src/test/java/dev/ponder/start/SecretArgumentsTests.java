package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

class SecretArgumentsTests {

  private static final String SECRET = "s3cret-0123456789";

  private static void start(String option) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new SimpleCommandLinePropertySource(new String[] {option}));
    SecretArguments.check(environment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--ponder.api-keys=" + SECRET,
        "--ponder.apiKeys[0]=" + SECRET,
        "--ponder.api_keys=" + SECRET,
        "--PONDER_APIKEYS=" + SECRET,
        "--spring.datasource.password=" + SECRET,
        "--spring.datasource.hikari.password=" + SECRET,
        "--spring.datasource.url=jdbc:postgresql://h/x?user=u&password=" + SECRET,
        "--spring.datasource.url=jdbc:h2:file:./x;PASSWORD=" + SECRET,
        "--ponder.engine.openai.key=" + SECRET,
        "--ponder.engine.server.key=" + SECRET,
        "--ponder.models.x.key=" + SECRET,
        "--ponder.models[a b].key=" + SECRET,
        "--ponder.store.hugging-face-token=" + SECRET,
        "--ponder.store.hugging-face-url=https://me:" + SECRET + "@mirror",
        "--ponder.openai=http://a,http://me:" + SECRET + "@b",
        "--ponder.llama-server=http://" + SECRET + "@a",
        "--server.ssl.key-store-password=" + SECRET,
        "--server.ssl.certificate-private-key=-----BEGIN PRIVATE KEY-----" + SECRET
      })
  void aSecretOnTheCommandLineIsRefusedAndNotRepeated(String option) {
    assertThatThrownBy(() -> start(option))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("every user of this machine can read it")
        .message()
        .doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--ponder.journal.chunk-tokens=64",
        "--ponder.memory.sweep-tokens=1000",
        "--ponder.engine.kv-snapshots.every-tokens=8",
        "--ponder.store.hugging-face-token=",
        "--spring.datasource.password=",
        "--ponder.engine.openai.key=${MY_KEY}",
        "--server.ssl.certificate-private-key=/etc/ponder/key.pem",
        "--server.ssl.key-store=/etc/ponder/keys.p12",
        "--server.ssl.key-alias=ponder",
        "--spring.config.additional-location=file:///home/me@work/ponder.yaml",
        "--ponder.openai=http://127.0.0.1:8000/v1",
        "--ponder.data=/srv/a@b",
        "--ponder.thinking.loop-repeats=6"
      })
  void whatIsNoSecretPasses(String option) {
    assertThatCode(() -> start(option)).doesNotThrowAnyException();
  }

  @Test
  void whatToSetInsteadIsSaid() {
    assertThatThrownBy(() -> start("--ponder.models.x.key=" + SECRET))
        .isInstanceOfSatisfying(
            CannotStart.class,
            said -> assertThat(said.action()).contains("PONDER_MODELS_X_KEY", "--config"));
  }

  @Test
  void propertiesOfTheJvmAndJsonOnTheCommandLineAreNoWayAround() {
    var jvm = new StandardEnvironment();
    jvm.getPropertySources()
        .replace(
            "systemProperties",
            new MapPropertySource("systemProperties", Map.of("ponder.api-keys", SECRET)));
    var json = new StandardEnvironment();
    json.getPropertySources()
        .addFirst(
            new SimpleCommandLinePropertySource(
                new String[] {
                  "--spring.application.json={\"ponder.api-keys\":\"" + SECRET + "\"}"
                }));
    json.getPropertySources()
        .addFirst(
            new MapPropertySource("spring.application.json", Map.of("ponder.api-keys", SECRET)));

    assertThatThrownBy(() -> SecretArguments.check(jvm)).isInstanceOf(CannotStart.class);
    assertThatThrownBy(() -> SecretArguments.check(json)).isInstanceOf(CannotStart.class);
  }

  @Test
  void theEnvironmentAndFilesMayHoldSecrets() {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "spring.application.json",
                Map.of("ponder.api-keys", SECRET, "spring.datasource.password", SECRET)));

    assertThatCode(() -> SecretArguments.check(environment)).doesNotThrowAnyException();
  }
}
