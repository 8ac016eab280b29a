package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class SettingsCheckTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ponder.deadline",
        "ponder.data",
        "ponder.default-model",
        "ponder.jobs.waiting-max",
        "ponder.jobs.waitingMax",
        "ponder.jobs.waiting_max",
        "ponder.api-keys",
        "ponder.api-keys[0]",
        "ponder.apiKeys[12]",
        "ponder.models.qwen3.file",
        "ponder.models[qwen3.5 30b].engine",
        "ponder.models.mini.pace",
        "server.prot",
        "ponderous.x"
      })
  void aSettingThatIsReadPasses(String name) {
    assertThatCode(() -> check(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "ponder.dedline, ponder.deadline",
    "ponder.jobs.waitng-max, ponder.jobs.waiting-max",
    "ponder.job.waiting-max, ponder.jobs.waiting-max",
    "ponder.models.qwen3.pipline, ponder.models.qwen3.pipeline",
    "ponder.http.bodymaxx, ponder.http.body-max"
  })
  void aSettingThatNobodyReadsStopsWithTheNearestName(String name, String nearest) {
    assertThatThrownBy(() -> check(name))
        .isInstanceOf(UnknownSettings.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining("Did you mean '" + nearest + "'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PONDER_DEADLINE", "PONDER_JOBS_WAITINGMAX", "PONDER_JOBS_WAITING_MAX", "PONDER_APIKEYS",
        "PONDER_API_KEYS", "PONDER_API_KEYS_0", "PONDER_APIKEYS_0_", "PONDER_MODELS_QWEN3_FILE",
        "PONDER_SERVER", "PONDER_API_KEY", "PONDER_TRACE", "PONDER_SERVICE_HOST",
        "PONDER_SERVICE_PORT_HTTP", "PONDER_PORT", "PONDER_PORT_8080_TCP_ADDR", "PATH"
      })
  void aVariableThatIsReadPasses(String name) {
    assertThatCode(() -> checkVariable(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "PONDER_DEADLIN, PONDER_DEADLINE",
    "PONDER_JOBS_WAITINGMAXIMUM, PONDER_JOBS_WAITINGMAX",
    "PONDER_LEASE_HARTBEAT, PONDER_LEASE_HEARTBEAT"
  })
  void aVariableThatNobodyReadsStopsWithTheNearestName(String name, String nearest) {
    assertThatThrownBy(() -> checkVariable(name))
        .isInstanceOf(UnknownSettings.class)
        .hasMessageContaining("Did you mean '" + nearest + "'?");
  }

  @Test
  void aStartIsStoppedWithoutAStackTrace(CapturedOutput output) {
    var application = new SpringApplication(Nothing.class);
    application.setWebApplicationType(WebApplicationType.NONE);

    assertThatThrownBy(() -> application.run("--ponder.dedline=10m", "--ponder.lease.pol=1s"))
        .isInstanceOf(UnknownSettings.class);

    assertThat(output.getAll())
        .contains("Ponder did not start.")
        .containsOnlyOnce("Did you mean 'ponder.deadline'?")
        .contains("Did you mean 'ponder.lease.poll'?")
        .doesNotContain("\tat dev.ponder");
  }

  static class Nothing {}

  private static void check(String name) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(name, "x")));
    SettingsCheck.check(environment);
  }

  private static void checkVariable(String name) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new HashMap<>(Map.of(name, "x"))));
    SettingsCheck.check(environment);
  }
}
