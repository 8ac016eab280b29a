package dev.ponder.housekeeping;

import dev.ponder.compression.EngineCompressor;
import dev.ponder.job.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Has thoughts compressed and jobs archived every `ponder.memory.sweep-interval`, as two pieces of
/// work: compressing can take minutes of a model.
@Configuration(proxyBeanMethods = false)
class SweepConfiguration {

  @Bean
  SweepCompressor sweepCompressor(EngineCompressor compressor) {
    return compressor::with;
  }

  @Bean
  RecurringWork memorySweepEveryNowAndThen(MemorySweep sweep, SweepSettings settings) {
    return new RecurringWork("memory-sweep", settings.sweepInterval(), sweep::compress);
  }

  @Bean
  RecurringWork archiveEveryNowAndThen(MemorySweep sweep, SweepSettings settings) {
    return new RecurringWork("archive", settings.sweepInterval(), sweep::archive);
  }
}
