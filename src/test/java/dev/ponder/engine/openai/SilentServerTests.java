package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.engine.resilience.ResilientEngine.Circuit;
import dev.ponder.time.Deadline;
import dev.ponder.time.Threads;
import dev.ponder.time.TimeIsUp;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that takes a question and never sends as much as a header: whoever waits for it is not
/// held beyond their time, and the server is told at once that nobody waits any more.
@Timeout(120)
class SilentServerTests {

  private static final Duration AT_ONCE = Duration.ofMillis(250);

  private final WorkScope scope =
      WorkScope.endless(Threads.ofThePlatform(), InstantSource.system());

  private static ResilientEngine engine(SilentServer server) {
    return new ResilientEngine(
        new OpenAiEngine(
            new OpenAiModel("local", "thinker", server.url(), null, Continuation.NONE, null, null),
            OpenAiSettings.defaults(),
            InstantSource.system()),
        new ResilienceSettings(
            new ResilienceSettings.Retry(4, Duration.ofMillis(10), Duration.ofMillis(100)),
            new ResilienceSettings.Circuit(2, 1, 50, Duration.ofMinutes(1), 1),
            Duration.ofMinutes(1)),
        InstantSource.system());
  }

  private static GenerationRequest request() {
    return new GenerationRequest(
        new Conversation(null, "What is it?"),
        Written.NOTHING,
        new Sampling(0.6, 0.95, 20, 0.05, 0.5, 1.1),
        7,
        10,
        Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
        "job/1");
  }

  private static <T> FutureTask<Throwable> failing(Callable<T> work) {
    var task = new FutureTask<>(() -> catchThrowable(work::call));
    Thread.ofVirtual().start(task);
    return task;
  }

  /// None: it is not even known what the server can do. Two: it is, and the thought is asked for.
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aStopClosesTheConnectionBeforeThereIsAHeader(int answers) throws Exception {
    try (var server = new SilentServer(answers);
        var engine = engine(server)) {
      var asking = failing(() -> scope.open("it answered", () -> engine.open(request())));
      server.awaitQuestion();

      long stopped = System.nanoTime();
      scope.stop(new IllegalStateException("cancelled"));

      assertThat(asking.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS))
          .hasMessageContaining("cancelled");
      assertThat(Duration.ofNanos(server.goneAt() - stopped)).isLessThan(AT_ONCE);
      assertThat(engine.circuit()).isEqualTo(Circuit.CLOSED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void nobodyWaitsLongerThanTheirTime(int answers) throws Exception {
    try (var server = new SilentServer(answers);
        var engine = engine(server)) {
      Instant end = Instant.now().plusSeconds(3);

      Throwable ended =
          catchThrowable(() -> scope.until(end).open("it answered", () -> engine.open(request())));

      assertThat(ended).isInstanceOf(TimeIsUp.class);
      assertThat(Duration.between(end, Instant.now())).isBetween(Duration.ZERO, AT_ONCE);
      server.goneAt();
      assertThat(engine.circuit()).isEqualTo(Circuit.CLOSED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"capabilities", "count"})
  void whatHasNoDeadlineOfItsOwnEndsToo(String what) throws Exception {
    try (var server = new SilentServer(0);
        var engine = engine(server)) {
      Instant end = Instant.now().plusSeconds(2);

      Throwable ended =
          catchThrowable(
              () ->
                  scope
                      .until(end)
                      .call(
                          "it answered",
                          () ->
                              what.equals("count")
                                  ? (Object) engine.open(request())
                                  : engine.capabilities()));

      assertThat(ended).isInstanceOf(TimeIsUp.class);
      assertThat(Duration.between(end, Instant.now())).isBetween(Duration.ZERO, AT_ONCE);
      server.goneAt();
    }
  }

  /// The one that is left behind gives its sequence to the next.
  @ParameterizedTest
  @ValueSource(ints = {2})
  void aSequenceIsFreeAgainAtOnce(int answers) throws Exception {
    try (var server = new SilentServer(answers);
        var engine = engine(server)) {
      for (int i = 0; i < 3 * OpenAiSettings.defaults().sequences(); i++) {
        var one = scope.until(Instant.now().plusMillis(300));
        assertThat(catchThrowable(() -> one.open("it answered", () -> engine.open(request()))))
            .isInstanceOf(TimeIsUp.class);
      }
      server.awaitQuestion();
      assertThat(engine.circuit()).isEqualTo(Circuit.CLOSED);
    }
  }
}
