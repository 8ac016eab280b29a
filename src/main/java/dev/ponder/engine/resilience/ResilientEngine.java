package dev.ponder.engine.resilience;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineException.Unavailable;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sequences;
import dev.ponder.engine.TokenStream;
import dev.ponder.time.Deadline;
import dev.ponder.time.Threads;
import dev.ponder.time.WorkScope;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An engine that is tried again when it may work later, left alone while it keeps failing, and
/// never given more requests than it has sequences. The only class that knows Resilience4j, which
/// decides whether the circuit is open. All waiting is our own, in [Attempts] and [Sequences],
/// because the waits of Resilience4j know neither the deadline of a request nor an interrupt. A
/// thread that is interrupted while it waits gets [Unavailable] and keeps its interrupt flag.
public final class ResilientEngine implements Engine {

  // A prompt of a large model may take minutes, so a slow call is no failure. Resilience4j cannot
  // be told so: it wants a duration.
  private static final Duration NEVER_SLOW = Duration.ofDays(1);

  // Those that are let through to see whether the engine is well have said so by then, mostly.
  private static final Duration TRIAL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ResilientEngine.class);

  /// Whether requests get through to the engine.
  public enum Circuit {
    /// They do.
    CLOSED,
    /// It has failed too often and is left alone for a while.
    OPEN,
    /// A few are let through to see whether it is well again.
    HALF_OPEN
  }

  private final Engine engine;
  private final ResilienceSettings settings;
  private final InstantSource now;
  private final CircuitBreakerRegistry circuits;
  private final CircuitBreaker circuit;
  private final WorkScope streams;
  private final Sequences sequences;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Readiness readiness;
  private volatile long openedAt = System.nanoTime();

  /// What its server has said last, for those who do not get through to it.
  private volatile String lastFailure = "";

  public ResilientEngine(Engine engine, ResilienceSettings settings, InstantSource now) {
    this.engine = engine;
    this.settings = settings;
    this.now = now;
    this.circuits = CircuitBreakerRegistry.of(circuitConfig(settings.circuit()));
    this.circuit = circuits.circuitBreaker(engine.model());
    this.circuit.getEventPublisher().onStateTransition(it -> openedAt = System.nanoTime());
    this.sequences = new Sequences(engine.model(), settings.queueWait(), now);
    this.streams = WorkScope.endless(Threads.ofThePlatform(), now);
    this.readiness = new Readiness(engine, this::ask, now);
  }

  private static CircuitBreakerConfig circuitConfig(ResilienceSettings.Circuit settings) {
    return CircuitBreakerConfig.custom()
        .slidingWindowSize(settings.window())
        .minimumNumberOfCalls(settings.minimumCalls())
        .failureRateThreshold(settings.failureRate())
        .slowCallDurationThreshold(NEVER_SLOW)
        .waitDurationInOpenState(settings.openFor())
        .permittedNumberOfCallsInHalfOpenState(settings.trials())
        .ignoreException(failure -> !(failure instanceof Unavailable))
        .build();
  }

  /// {@inheritDoc}
  ///
  /// Waits for a free sequence and tries again as configured, never beyond the deadline of the
  /// request. The stream is closed when the deadline passes; its reader then gets null with
  /// [StopReason#CANCELLED].
  ///
  /// @throws Unavailable when no try is left; the message says how often it was tried, over how
  ///     long, and what went wrong last
  @Override
  public TokenStream open(GenerationRequest request) {
    Attempts attempts = attempts(request.deadline());
    if (readiness.known() == null) {
      attempts.until(() -> readiness.askBefore(request.deadline()));
    }
    sequences.enter(request.deadline());
    boolean opened = false;
    try {
      TokenStream stream = attempts.until(() -> watch(request));
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        sequences.leave();
      }
    }
  }

  /// {@inheritDoc}
  ///
  /// Tried once and never in the way: what fails here is left to the requests themselves, and while
  /// others use the sequences nothing is shared.
  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    Capabilities can = readiness.known();
    int many = branches.size();
    if (many < 2
        || can == null
        || !can.offer(Capability.SHARED_PREFIX)
        || !sequences.enterAtOnce(many)) {
      return null;
    }
    try {
      return guarded(() -> engine.share(branches));
    } catch (EngineException e) {
      LOG.info("The branches of '{}' share nothing: {}", model(), e.getMessage());
      return null;
    } finally {
      sequences.leave(many);
    }
  }

  @Override
  public void forget(String affinity) {
    engine.forget(affinity);
  }

  @Override
  public String model() {
    return engine.model();
  }

  @Override
  public Capabilities capabilities() {
    return attempts(null).until(readiness::ask);
  }

  /// What the engine can do, if it has said so already. Never starts it.
  public @Nullable Capabilities knownCapabilities() {
    return readiness.known();
  }

  @Override
  public int countTokens(String text) {
    return attempts(null).until(() -> guarded(() -> engine.countTokens(text)));
  }

  @Override
  public EngineHealth health() {
    return withCircuit(engine.health());
  }

  @Override
  public EngineHealth recentHealth() {
    return withCircuit(engine.recentHealth());
  }

  @Override
  public void askHealth() {
    engine.askHealth();
  }

  private EngineHealth withCircuit(EngineHealth health) {
    return circuit() == Circuit.OPEN && health.state() != State.UNUSABLE
        ? new EngineHealth(State.DOWN, circuitOpen() + " " + health.detail(), health.restarts())
        : health;
  }

  /// Whether requests get through to it now. Once its rest is over an open circuit counts as half
  /// open, though nobody has tried it yet.
  public Circuit circuit() {
    return switch (circuit.getState()) {
      case OPEN ->
          System.nanoTime() - openedAt >= settings.circuit().openFor().toNanos()
              ? Circuit.HALF_OPEN
              : Circuit.OPEN;
      case HALF_OPEN -> Circuit.HALF_OPEN;
      default -> Circuit.CLOSED;
    };
  }

  /// Shows the circuit in the metrics.
  public void bindTo(MeterRegistry meters) {
    TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(circuits).bindTo(meters);
  }

  @Override
  public void close() {
    closing.countDown();
    engine.close();
  }

  private Capabilities ask() {
    Capabilities can = guarded(engine::capabilities);
    sequences.count(can.sequences());
    return can;
  }

  /// One call that has its outcome when it returns.
  private <T extends @Nullable Object> T guarded(Supplier<T> call) {
    letThrough();
    long started = System.nanoTime();
    try {
      T result = call.get();
      circuit.onSuccess(System.nanoTime() - started, TimeUnit.NANOSECONDS);
      return result;
    } catch (RuntimeException e) {
      count(e, started);
      throw e;
    }
  }

  /// Opens a stream, which has its outcome when the first piece arrives.
  private TokenStream watch(GenerationRequest request) {
    letThrough();
    long started = System.nanoTime();
    try {
      TokenStream stream = engine.open(request);
      return new WatchedStream(stream, outcome(started))
          .within(streams.until(request.deadline().at()));
    } catch (RuntimeException e) {
      count(e, started);
      throw e;
    }
  }

  private WatchedStream.Outcome outcome(long started) {
    return new WatchedStream.Outcome() {
      @Override
      public void answered() {
        circuit.onSuccess(System.nanoTime() - started, TimeUnit.NANOSECONDS);
      }

      @Override
      public void failed(RuntimeException failure) {
        count(failure, started);
      }

      @Override
      public void unknown() {
        circuit.releasePermission();
      }

      @Override
      public void ended() {
        sequences.leave();
      }
    };
  }

  private void letThrough() {
    if (!circuit.tryAcquirePermission()) {
      boolean resting = circuit.getState() == CircuitBreaker.State.OPEN;
      Duration wait = resting ? settings.circuit().openFor() : TRIAL;
      throw new Unavailable(circuitOpen() + lastFailure, null, wait);
    }
  }

  private void count(RuntimeException failure, long started) {
    if (closed() || Thread.currentThread().isInterrupted()) {
      circuit.releasePermission();
    } else {
      if (failure instanceof Unavailable) {
        lastFailure = " The last time: " + failure.getMessage();
      }
      circuit.onError(System.nanoTime() - started, TimeUnit.NANOSECONDS, failure);
    }
  }

  private String circuitOpen() {
    ResilienceSettings.Circuit it = settings.circuit();
    return "Model '%s' is left alone for %s, because at least %.0f %% of its last calls failed (ponder.engine.circuit)."
        .formatted(model(), Attempts.seconds(it.openFor()), it.failureRate());
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private Attempts attempts(@Nullable Deadline deadline) {
    return new Attempts(model(), settings.retry(), deadline, now, closing);
  }
}
