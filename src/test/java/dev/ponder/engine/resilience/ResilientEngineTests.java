package dev.ponder.engine.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineException.Unavailable;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.Requests;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.Together;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Turn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ResilientEngineTests {

  private final ScriptedEngine scripted = new ScriptedEngine("scripted");
  private final Requests ask = Requests.asking("Why?");
  private final ResilientEngine engine = resilient(scripted, settings(4, Duration.ofMinutes(1)));

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void triesAgainWhenTheEngineIsUnavailable() {
    scripted.isUnavailableFor(3);

    Turn turn = Turn.read(engine.open(ask.greedy(5)));

    assertThat(turn.tokens()).isEqualTo(5);
    assertThat(scripted.opens()).isEqualTo(4);
  }

  @Test
  void saysHowOftenItTriedWhenNoTryIsLeft() {
    scripted.isUnavailableFor(100);

    Throwable failure = catchThrowable(() -> engine.open(ask.greedy(5)));

    assertThat(failure)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("'scripted'")
        .hasMessageContaining("tried 4 times over ")
        .hasMessageContaining("ponder.engine.retry.attempts")
        .hasMessageContaining("is starting");
    assertThat(scripted.opens()).isEqualTo(4);
  }

  @Test
  void doesNotRepeatARequestThatIsRefused() {
    scripted.refuses(request -> true);

    assertThatThrownBy(() -> engine.open(ask.greedy(5)))
        .isInstanceOf(EngineException.Refused.class);

    assertThat(scripted.opens()).isEqualTo(1);
  }

  @Test
  void doesNotRepeatARequestToAModelThatCannotBeLoaded() {
    ScriptedEngine unusable =
        new ScriptedEngine("broken")
            .writes(
                request -> {
                  throw new EngineException.Unusable("Its file is cut.", null);
                });
    ResilientEngine broken = resilient(unusable, settings(4, Duration.ofMinutes(1)));

    assertThatThrownBy(() -> broken.open(ask.greedy(5)))
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessage("Its file is cut.");

    assertThat(unusable.opens()).isEqualTo(1);
  }

  @Test
  void waitsAsLongAsTheEngineAsksFor() {
    scripted.isUnavailableFor(1).asksToRetryAfter(Duration.ofMillis(300));
    long started = System.nanoTime();

    Turn.read(engine.open(ask.greedy(5)));

    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void doesNotWaitBeyondTheDeadline() {
    scripted.isUnavailableFor(100).asksToRetryAfter(Duration.ofMillis(400));

    Throwable failure = catchThrowable(() -> engine.open(ask.until(Duration.ofMillis(200), 5)));

    assertThat(failure)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("tried once")
        .hasMessageContaining("deadline");
  }

  @Test
  void aLongWaitThatTheEngineAsksForIsLeftToTheCaller() {
    scripted.isUnavailableFor(100).asksToRetryAfter(Duration.ofMinutes(4));

    Throwable failure = catchThrowable(() -> engine.open(ask.greedy(5)));

    assertThat(failure)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("tried once")
        .hasMessageContaining("It asks for 240.0 s.");
    assertThat(((Unavailable) failure).retryAfter()).isEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void anInterruptEndsTheWaitForTheNextTry() throws InterruptedException {
    scripted.isUnavailableFor(100);
    ResilientEngine patient = patient();

    assertThat(interruptedWhile(() -> patient.open(ask.greedy(5)), () -> scripted.opens() == 1))
        .hasMessageContaining("interrupted");
  }

  @Test
  void anInterruptEndsTheWaitForASequence() throws InterruptedException {
    scripted.can(oneSequence());
    try (TokenStream first = engine.open(ask.greedy(5))) {
      assertThat(interruptedWhile(() -> engine.open(ask.greedy(5)), () -> true))
          .hasMessageContaining("interrupted");
    }
  }

  @Test
  void closingEndsTheWaitForTheNextTry() {
    scripted.isUnavailableFor(100);
    ResilientEngine patient = patient();
    var waiting = Together.start(() -> catchThrowable(() -> patient.open(ask.greedy(5))));

    patient.close();

    assertThat(Together.join(waiting)).isInstanceOf(Unavailable.class);
  }

  @Test
  void neverOpensMoreStreamsThanThereAreSequences() {
    scripted.takes(Duration.ofMillis(1));
    List<Callable<Turn>> twenty =
        Stream.generate(() -> (Callable<Turn>) () -> Turn.read(engine.open(ask.greedy(10))))
            .limit(20)
            .toList();

    List<Turn> turns = Together.all(twenty);

    assertThat(turns).hasSize(20).allMatch(turn -> turn.tokens() == 10);
    assertThat(scripted.mostRunning()).isBetween(1, 6);
  }

  @Test
  void givesASequenceBackHoweverTheStreamEnds() {
    scripted.can(oneSequence()).crashesIn(2, 1);
    engine.open(ask.greedy(5)).close();
    assertThat(catchThrowable(() -> Turn.read(engine.open(ask.greedy(5)))))
        .isInstanceOf(Unavailable.class);
    scripted.refuses(request -> request.maxTokens() == 6);
    assertThat(catchThrowable(() -> engine.open(ask.greedy(6)))).isNotNull();
    TokenStream closedTwice = engine.open(ask.greedy(5));
    closedTwice.close();
    closedTwice.close();

    try (TokenStream last = engine.open(ask.until(Duration.ofSeconds(30), 5))) {
      assertThat(catchThrowable(() -> engine.open(ask.until(Duration.ofMillis(50), 5))))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("none of its 1 sequences became free")
          .hasMessageContaining("the deadline");
      assertThat(last.next()).isNotNull();
    }
  }

  @Test
  void doesNotWaitLongerForASequenceThanConfigured() {
    scripted.can(oneSequence());
    ResilientEngine hasty = resilient(scripted, settings(4, Duration.ofMillis(50)));

    try (TokenStream first = hasty.open(ask.greedy(5))) {
      assertThatThrownBy(() -> hasty.open(ask.greedy(5)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("ponder.engine.queue-wait");
    }
  }

  @Test
  void closesAStreamAtItsDeadline() {
    scripted.hangsIn(1);

    TokenStream stream = engine.open(ask.until(Duration.ofMillis(500), 5));
    Turn turn = Together.join(Together.start(() -> Turn.read(stream)));

    assertThat(turn.completion().reason()).isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void leavesAnEngineAloneThatKeepsFailing() {
    scripted.isUnavailableFor(1_000);
    assertThat(catchThrowable(() -> engine.open(ask.greedy(5)))).isNotNull();
    assertThat(engine.health().state()).isNotEqualTo(State.DOWN);

    Throwable failure = catchThrowable(() -> engine.open(ask.until(Duration.ofSeconds(30), 5)));

    assertThat(failure)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("is left alone for 60.0 s")
        .hasMessageContaining("is starting");
    // One success (its capabilities) and five failures of six calls open the circuit.
    assertThat(scripted.opens()).isEqualTo(5);
    assertThat(engine.health().state()).isEqualTo(State.DOWN);
    assertThat(engine.health().detail()).contains("left alone").contains("ponder.engine.circuit");
  }

  @Test
  void countsStreamsThatBreakOff() {
    for (int request = 1; request <= 6; request++) {
      scripted.crashesIn(request, 2);
      TokenStream stream = engine.open(ask.greedy(5));
      assertThat(catchThrowable(() -> Turn.read(stream))).isInstanceOf(Unavailable.class);
    }

    assertThat(engine.health().state()).isEqualTo(State.DOWN);
  }

  @Test
  void comesBackWhenTheEngineIsWellAgain() {
    ResilienceSettings quick =
        new ResilienceSettings(
            new ResilienceSettings.Retry(20, Duration.ofMillis(1), Duration.ofMillis(60)),
            new ResilienceSettings.Circuit(6, 6, 50, Duration.ofMillis(50), 2),
            Duration.ofMinutes(1));
    ResilientEngine healing = resilient(scripted.isUnavailableFor(8), quick);

    Turn turn = Turn.read(healing.open(ask.greedy(5)));
    Turn.read(healing.open(ask.greedy(5)));

    assertThat(turn.tokens()).isEqualTo(5);
    assertThat(healing.health().state()).isEqualTo(State.READY);
  }

  @Test
  void knowsCapabilitiesOnceTheyWereAskedFor() {
    assertThat(engine.knownCapabilities()).isNull();

    engine.open(ask.greedy(5)).close();

    assertThat(engine.knownCapabilities()).isEqualTo(ScriptedEngine.CAPABLE);
  }

  @Test
  void showsItsCircuitInTheMetrics() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

    engine.bindTo(meters);

    assertThat(meters.find("resilience4j.circuitbreaker.state").tag("name", "scripted").meters())
        .isNotEmpty();
  }

  /// What the work throws when its thread is interrupted after the condition has come true.
  private static Throwable interruptedWhile(Callable<TokenStream> work, Callable<Boolean> condition)
      throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    FutureTask<Throwable> task =
        new FutureTask<>(
            () -> {
              running.countDown();
              Throwable thrown = catchThrowable(work::call);
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              return thrown;
            });
    Thread thread = Thread.ofVirtual().start(task);
    running.await();
    Together.until(condition);
    thread.interrupt();
    return Together.join(task);
  }

  private static ResilientEngine resilient(Engine engine, ResilienceSettings settings) {
    return new ResilientEngine(engine, settings, InstantSource.system());
  }

  private static ResilienceSettings settings(int attempts, Duration queueWait) {
    return new ResilienceSettings(
        new ResilienceSettings.Retry(attempts, Duration.ofMillis(1), Duration.ofMillis(500)),
        new ResilienceSettings.Circuit(12, 6, 50, Duration.ofMinutes(1), 2),
        queueWait);
  }

  /// Waits for minutes before it tries again.
  private ResilientEngine patient() {
    return resilient(
        scripted,
        new ResilienceSettings(
            new ResilienceSettings.Retry(4, Duration.ofMinutes(1), Duration.ofMinutes(1)),
            new ResilienceSettings.Circuit(12, 6, 50, Duration.ofMinutes(1), 2),
            Duration.ofMinutes(1)));
  }

  private static Capabilities oneSequence() {
    return Capabilities.of(
        1,
        2048,
        Capability.CONTINUATION,
        Capability.TOKEN_IDS,
        Capability.EXACT_COUNTS,
        Capability.CANCELLATION,
        Capability.REPRODUCIBLE);
  }
}
