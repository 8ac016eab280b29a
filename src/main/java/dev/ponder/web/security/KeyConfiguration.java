package dev.ponder.web.security;

import dev.ponder.web.ProblemWriter;
import dev.ponder.web.SecondDoor;
import dev.ponder.web.Tls;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/// Who is let in, and from where.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KeySettings.class)
public class KeyConfiguration {

  private static final Logger log = LoggerFactory.getLogger(KeyConfiguration.class);

  /// Asked before anything is made, so that a service which may not listen has not begun to.
  @Bean
  static BeanFactoryPostProcessor openOnlyToThisMachineWithoutKey(Environment environment) {
    return beans -> {
      SecondDoor.refuse(environment);
      KeySettings settings = Binder.get(environment).bindOrCreate("ponder", KeySettings.class);
      boolean closed = keys(settings, environment).required();
      if (!closed && !isLocal(environment)) {
        InetAddress address = address(environment);
        throw new OpenWithoutKey(
            address == null ? "every address (server.address is empty)" : address.getHostAddress());
      }
    };
  }

  private static ApiKeys keys(KeySettings settings, Environment environment) {
    Path data = Path.of(environment.getProperty("ponder.data", "./data"));
    return new ApiKeys(settings, KeyFile.in(data), System::nanoTime);
  }

  private static @Nullable InetAddress address(Environment environment) {
    return Binder.get(environment).bind("server.address", InetAddress.class).orElse(null);
  }

  private static boolean isLocal(Environment environment) {
    InetAddress address = address(environment);
    return address != null && address.isLoopbackAddress();
  }

  @Bean
  static ApiKeys apiKeys(KeySettings settings, Environment environment) {
    return keys(settings, environment);
  }

  @Bean
  static FilterRegistrationBean<KeyCheck> keyCheck(
      ApiKeys keys, InstantSource time, ProblemWriter writer, MeterRegistry meters) {
    var check = new KeyCheck(keys, new RefusedKeys(time), time, writer, meters);
    var filter = new FilterRegistrationBean<>(check);
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
    return filter;
  }

  /// Inside the key check, which knows the name of the key, and around everything else.
  @Bean
  static FilterRegistrationBean<AuditFilter> auditLog(InstantSource time) {
    var filter = new FilterRegistrationBean<>(new AuditFilter(time));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 101);
    return filter;
  }

  /// Whoever can listen on the way can read a key that goes over it.
  @Bean
  public static ApplicationListener<ApplicationReadyEvent> warningWithoutTls(
      Environment environment) {
    return ready -> {
      if (!isLocal(environment) && !Tls.isOn(environment)) {
        log.warn(
            "Other machines can reach this service, and it speaks no TLS: keys and prompts cross the network readable. Set server.ssl.certificate and server.ssl.certificate-private-key, or bind it to 127.0.0.1 behind a proxy that does (docs/operating.md).");
      }
    };
  }

  /// Says without a stack trace why the file of keys cannot be used.
  static final class UnusableKeys extends AbstractFailureAnalyzer<KeyFile.Unusable> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, KeyFile.Unusable cause) {
      return new FailureAnalysis(
          cause.getMessage(),
          "Mend it, or remove it and make new keys with './ponder keys create NAME'.",
          cause);
    }
  }
}
