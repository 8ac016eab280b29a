package dev.ponder.compression;

import dev.ponder.budget.TokenUsage;
import dev.ponder.memory.Compression;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// What compressing thoughts comes to, and how much of the prompts the engines had evaluated
/// before.
@Component
public class MemoryMeters {

  private final MeterRegistry meters;
  private final DistributionSummary ratio;
  private final Counter retries;
  private final Counter cacheHits;
  private final Counter folds;
  private final Counter promptTokens;
  private final Counter cachedTokens;

  public MemoryMeters(MeterRegistry meters) {
    this.meters = meters;
    this.ratio =
        DistributionSummary.builder("ponder.memory.compression.ratio")
            .description("Tokens after by tokens before, of accepted compressions")
            .register(meters);
    this.retries = counter("ponder.memory.retries", "Compressions that were tried a second time");
    this.cacheHits =
        counter("ponder.memory.cache.hits", "Compressions that were answered from the cache");
    this.folds =
        counter("ponder.memory.folds", "Times the older part of a running thought was compressed");
    this.promptTokens =
        counter("ponder.memory.prompt.tokens", "Tokens of prompts and of texts continued");
    this.cachedTokens =
        counter(
            "ponder.memory.cached.tokens", "The part of them that engines had in their KV cache");
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }

  /// A compression that a model was asked for.
  void compressed(Compression outcome) {
    String name =
        switch (outcome) {
          case Compression.Accepted accepted -> {
            ratio.record(accepted.ratio());
            retried(accepted.attempts());
            yield "accepted";
          }
          case Compression.Rejected rejected -> {
            retried(rejected.attempts());
            yield "rejected";
          }
          case Compression.Unneeded unneeded -> "unneeded";
          case Compression.Postponed postponed -> "postponed";
        };
    Counter.builder("ponder.memory.compressions")
        .description("Compressions by what became of them")
        .tag("outcome", name)
        .register(meters)
        .increment();
  }

  private void retried(int attempts) {
    retries.increment(Math.max(0, attempts - 1));
  }

  void answeredFromCache() {
    cacheHits.increment();
  }

  public void folded() {
    folds.increment();
  }

  /// What a generation cost.
  public void generated(TokenUsage usage) {
    promptTokens.increment(usage.prompt());
    cachedTokens.increment(usage.cached());
  }
}
