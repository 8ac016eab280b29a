package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.web.security.KeyConfiguration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class TlsWarningTests {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, server.port, 8080, true",
    "::, server.port, 8080, true",
    "0.0.0.0, server.ssl.enabled, true, true",
    "0.0.0.0, server.ssl.certificate, tls.crt, false",
    "0.0.0.0, server.ssl.bundle, own, false",
    "0.0.0.0, server.ssl.key-store, keys.p12, false",
    "127.0.0.1, server.port, 8080, false",
    "::1, server.port, 8080, false"
  })
  void aServiceThatOthersReachWithoutTlsWarns(
      String address, String name, String value, boolean warns, CapturedOutput output) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("test", Map.of("server.address", address, name, value)));

    KeyConfiguration.warningWithoutTls(environment).onApplicationEvent(null);

    assertThat(output.getAll().contains("speaks no TLS")).isEqualTo(warns);
  }
}
