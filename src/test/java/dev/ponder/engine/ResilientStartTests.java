package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An engine that takes longer to start than the first request can wait, and branches that share.
@Timeout(120)
class ResilientStartTests {

  private final CountDownLatch loaded = new CountDownLatch(1);
  private final Requests ask = Requests.asking("Why?");
  private boolean shares;
  private final ResilientEngine engine =
      new ResilientEngine(
          new BrokenEngine(new ScriptedEngine("large").can(sharing())) {
            @Override
            public Capabilities capabilities() {
              try {
                loaded.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return super.capabilities();
            }

            @Override
            public Completion share(List<GenerationRequest> branches) {
              shares = true;
              throw new EngineException.Unavailable("It died.", null);
            }
          },
          ResilienceSettings.defaults(),
          InstantSource.system());

  private static Capabilities sharing() {
    return ScriptedEngine.CAPABLE.with(Capability.SHARED_PREFIX, true);
  }

  @AfterEach
  void end() {
    loaded.countDown();
    engine.close();
  }

  @Test
  void aRequestGivesUpAtItsDeadlineAndTheNextOneFindsTheEngineStarted() {
    Throwable early = catchThrowable(() -> engine.open(ask.until(Duration.ofMillis(300), 5)));

    loaded.countDown();
    Turn turn = Turn.read(engine.open(ask.greedy(5)));

    assertThat(early)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("deadline");
    assertThat(turn.tokens()).isEqualTo(5);
  }

  @Test
  void whatFailsWhileBranchesShareIsNoFailureOfTheirs() {
    loaded.countDown();
    engine.capabilities();

    Completion shared = engine.share(List.of(ask.greedy(5), ask.greedy(5)));

    assertThat(shared).isNull();
    assertThat(shares).isTrue();
    assertThat(Turn.read(engine.open(ask.greedy(5))).tokens()).isEqualTo(5);
  }

  @Test
  void branchesThatWouldHaveToWaitForSequencesShareNothing() {
    loaded.countDown();
    int sequences = engine.capabilities().sequences();
    List<TokenStream> running =
        java.util.stream.Stream.generate(() -> engine.open(ask.greedy(5)))
            .limit(sequences - 1)
            .toList();

    Completion shared = engine.share(List.of(ask.greedy(5), ask.greedy(5)));

    assertThat(shared).isNull();
    assertThat(shares).isFalse();
    running.forEach(TokenStream::close);
  }
}
