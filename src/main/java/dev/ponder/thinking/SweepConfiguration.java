package dev.ponder.thinking;

import dev.ponder.job.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Has the memory swept every `ponder.memory.sweep-interval`.
@Configuration(proxyBeanMethods = false)
class SweepConfiguration {

  @Bean
  SweepCompressor sweepCompressor(EngineCompressor compressor) {
    return compressor::with;
  }

  @Bean
  RecurringWork memorySweepEveryNowAndThen(MemorySweep sweep, SweepSettings settings) {
    return new RecurringWork("memory-sweep", settings.sweepInterval(), sweep::sweep);
  }
}
