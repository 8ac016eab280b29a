package dev.ponder.thinking;

import dev.ponder.job.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Has the memory swept every `ponder.memory.sweep-interval`.
@Configuration(proxyBeanMethods = false)
class SweepConfiguration {

  @Bean
  SweepCompressor sweepCompressor(
      TokenCounts counts, CompressionSettings settings, MemoryMeters meters, Alarms alarms) {
    return models -> new EngineCompressor(models, counts, settings, meters, alarms);
  }

  @Bean
  RecurringWork memorySweepEveryNowAndThen(MemorySweep sweep, SweepSettings settings) {
    return new RecurringWork("memory-sweep", settings.sweepInterval(), sweep::sweep);
  }
}
