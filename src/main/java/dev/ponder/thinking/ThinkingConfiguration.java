package dev.ponder.thinking;

import dev.ponder.budget.DeadlineGovernor;
import dev.ponder.budget.Governor;
import dev.ponder.time.SteadyTime;
import dev.ponder.time.Threads;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what has no Spring of its own.
@Configuration(proxyBeanMethods = false)
class ThinkingConfiguration {

  private static final Logger log = LoggerFactory.getLogger(ThinkingConfiguration.class);

  @Bean
  InstantSource time() {
    return new SteadyTime(
        InstantSource.system(),
        System::nanoTime,
        by ->
            log.warn(
                "The clock of this machine was put back by {} s. The deadlines of running jobs stay: until the difference is made up for, by a hundredth of the time that passes, times here are ahead of the clock.",
                by.toSeconds()));
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
