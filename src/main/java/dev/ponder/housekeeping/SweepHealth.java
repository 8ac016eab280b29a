package dev.ponder.housekeeping;

import dev.ponder.journal.Fault;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/// The health `memorySweep`: how the sweeps of this node went. From a sweep that fails to the next
/// that does not it is `DEGRADED`, with HTTP 200: jobs run and are answered, but nothing gets
/// smaller, and one day the storage is full.
@Component("memorySweepHealthIndicator")
public class SweepHealth implements HealthIndicator {

  /// Below `UP` and above `OUT_OF_SERVICE` in `management.endpoint.health.status.order`.
  static final Status DEGRADED = new Status("DEGRADED");

  private static final Logger log = LoggerFactory.getLogger(SweepHealth.class);

  /// The halves of a sweep, which do not wait for each other.
  enum Part {
    COMPRESSING,
    ARCHIVING;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final class State {
    @Nullable Instant lastSuccess;
    @Nullable Instant failingSince;
    String lastError = "";
  }

  private final Map<Part, State> states = new EnumMap<>(Part.class);
  private final InstantSource time;
  private final MeterRegistry meters;

  public SweepHealth(InstantSource time, MeterRegistry meters) {
    this.time = time;
    this.meters = meters;
    for (Part part : Part.values()) {
      states.put(part, new State());
      failures(part);
      Gauge.builder("ponder.memory.sweep.last.success", this, health -> health.lastSuccess(part))
          .description("When a sweep of this node last went well, in seconds of Unix time")
          .baseUnit("seconds")
          .tag("part", part.key())
          .register(meters);
    }
  }

  private Counter failures(Part part) {
    return Counter.builder("ponder.memory.sweep.failures")
        .description("Sweeps of this node that failed")
        .tag("part", part.key())
        .register(meters);
  }

  private synchronized double lastSuccess(Part part) {
    Instant last = states.get(part).lastSuccess;
    return last == null ? Double.NaN : last.getEpochSecond();
  }

  /// A half of a sweep came to its end.
  synchronized void succeeded(Part part) {
    State state = states.get(part);
    if (state.failingSince != null) {
      log.info("The memory sweep works again: {}", part.key());
    }
    state.lastSuccess = time.instant();
    state.failingSince = null;
  }

  /// A half of a sweep did not come to its end.
  synchronized void failed(Part part, Throwable failure) {
    State state = states.get(part);
    state.lastError = Fault.named(failure);
    if (state.failingSince == null) {
      state.failingSince = time.instant();
    }
    failures(part).increment();
  }

  @Override
  public synchronized Health health() {
    boolean fails = states.values().stream().anyMatch(state -> state.failingSince != null);
    Health.Builder health = fails ? Health.status(DEGRADED) : Health.up();
    states.forEach((part, state) -> health.withDetail(part.key(), details(state)));
    return fails
        ? health
            .withDetail("what", "Old thoughts and jobs do not get smaller. Jobs run as usual.")
            .withDetail("next", "Look for `memory-sweep` in the log. It is tried again by itself.")
            .build()
        : health.build();
  }

  private static Map<String, String> details(State state) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("lastSuccess", state.lastSuccess == null ? "none" : state.lastSuccess.toString());
    if (state.failingSince != null) {
      details.put("failingSince", state.failingSince.toString());
    }
    if (!state.lastError.isEmpty()) {
      details.put("lastError", state.lastError);
    }
    return details;
  }
}
