package dev.ponder.engine.resilience;

import dev.ponder.time.Backoff;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How patient Ponder is with an engine.
///
/// @param retry how a request is tried again
/// @param circuit when an engine that keeps failing is left alone
/// @param queueWait how long a request waits for a free sequence of its model; the deadline of the
///     job ends the wait earlier
@ConfigurationProperties("ponder.engine")
public record ResilienceSettings(
    @DefaultValue Retry retry,
    @DefaultValue Circuit circuit,
    @DefaultValue("30m") Duration queueWait) {

  public ResilienceSettings {
    notNegative("ponder.engine.queue-wait", queueWait);
  }

  /// What holds where nothing is configured.
  public static ResilienceSettings defaults() {
    return new ResilienceSettings(
        new Retry(2, Duration.ofMillis(200), Duration.ofSeconds(2)),
        new Circuit(20, 10, 50, Duration.ofSeconds(5), 3),
        Duration.ofMinutes(30));
  }

  /// For a hiccup, before another model takes over: what lasts longer is waited out by the run,
  /// which gives its sequence and its place to others meanwhile. The wait doubles from try to try,
  /// up to the longest, and is varied by half of itself, so that those who failed together do not
  /// come back together.
  ///
  /// @param attempts tries in all, the first one included, 1 to 100
  /// @param firstWait wait before the second try
  /// @param longestWait the longest wait before a try; an engine that asks for more is not tried
  public record Retry(
      @DefaultValue("2") int attempts,
      @DefaultValue("200ms") Duration firstWait,
      @DefaultValue("2s") Duration longestWait) {

    public Retry {
      between("ponder.engine.retry.attempts", attempts, 1, 100);
      positive("ponder.engine.retry.first-wait", firstWait);
      positive("ponder.engine.retry.longest-wait", longestWait);
      if (longestWait.compareTo(firstWait) < 0) {
        throw new IllegalArgumentException(
            "ponder.engine.retry.longest-wait is %s and has to be at least first-wait, which is %s"
                .formatted(longestWait, firstWait));
      }
    }

    Backoff backoff() {
      return new Backoff(firstWait, longestWait, 0.5);
    }
  }

  /// One circuit for each model.
  ///
  /// @param window how many of the last calls are looked at, 1 to 10,000
  /// @param minimumCalls calls before the share of failures means anything, 1 to `window`
  /// @param failureRate percent of failed calls that open the circuit, 1 to 100
  /// @param openFor how long an open circuit lets nothing through
  /// @param trials calls that are let through afterwards to see whether the engine is well again
  public record Circuit(
      @DefaultValue("20") int window,
      @DefaultValue("10") int minimumCalls,
      @DefaultValue("50") float failureRate,
      @DefaultValue("5s") Duration openFor,
      @DefaultValue("3") int trials) {

    public Circuit {
      between("ponder.engine.circuit.window", window, 1, 10_000);
      between("ponder.engine.circuit.minimum-calls", minimumCalls, 1, window);
      between("ponder.engine.circuit.failure-rate", failureRate, 1, 100);
      between("ponder.engine.circuit.trials", trials, 1, 1_000);
      positive("ponder.engine.circuit.open-for", openFor);
    }
  }

  private static void between(String key, double value, int from, int to) {
    if (!(value >= from && value <= to)) {
      throw new IllegalArgumentException(
          "%s is %s and has to be between %d and %d".formatted(key, value, from, to));
    }
  }

  private static void positive(String key, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(
          "%s is %s and has to be at least one millisecond".formatted(key, value));
    }
  }

  private static void notNegative(String key, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("%s is %s and cannot be negative".formatted(key, value));
    }
  }
}
