package dev.ponder.thinking;

import dev.ponder.budget.DeadlineGovernor;
import dev.ponder.budget.Governor;
import dev.ponder.budget.Threads;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what has no Spring of its own.
@Configuration(proxyBeanMethods = false)
class ThinkingConfiguration {

  @Bean
  InstantSource time() {
    return InstantSource.system();
  }

  @Bean
  Threads threads() {
    return Threads.ofThePlatform();
  }

  @Bean
  Governor governor(InstantSource time, ThinkingSettings settings) {
    return new DeadlineGovernor(time, settings.margin());
  }
}
