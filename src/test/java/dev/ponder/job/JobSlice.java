package dev.ponder.job;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The service with jobs and their HTTP, on a real H2 file, but with nobody who thinks. It is no
/// `@Configuration`, so that the scan of the whole service passes it by.
@EnableAutoConfiguration
@ConfigurationPropertiesScan({"dev.ponder.job", "dev.ponder.web"})
@ComponentScan(
    basePackages = {"dev.ponder.job", "dev.ponder.web"},
    excludeFilters =
        @ComponentScan.Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class))
public class JobSlice {

  /// A fresh database for each application context.
  public static final String FRESH_DATA = "ponder.data=./target/test-data/${random.uuid}";

  /// For those who look at the health: the fresh folder is another one each time it is named, so
  /// its disk cannot be looked at.
  public static final String SOME_DISK = "management.health.diskspace.path=.";

  @Bean
  TestTime time() {
    return new TestTime();
  }

  @Bean
  ScriptedThinking thinking(JdbcClient jdbc) {
    return new ScriptedThinking(jdbc);
  }

  /// Readiness asks after the journal, which nobody writes here.
  @Bean
  HealthIndicator journal() {
    return () -> Health.up().build();
  }
}
