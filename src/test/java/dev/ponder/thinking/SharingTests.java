package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.Written;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Prompts are evaluated together only where that takes less time than it saves.
class SharingTests {

  private static final Duration COPYING = Duration.ofMillis(30);

  private final Sharing sharing = new Sharing();

  @Test
  void aModelThatHasNeverSharedIsTried() {
    assertThat(sharing.pays("small", branches(1_000))).isTrue();
  }

  @Test
  void whatIsEvaluatedFasterThanCopiedIsNotShared() {
    shared("small", 1_000, Duration.ofMillis(10), 0);

    assertThat(sharing.pays("small", branches(1_000))).isFalse();
    assertThat(sharing.pays("small", branches(2_000))).as("20 ms saved twice").isTrue();
  }

  @Test
  void whatTakesLongToEvaluateIsShared() {
    shared("large", 1_000, Duration.ofSeconds(2), 0);

    assertThat(sharing.pays("large", branches(1_000))).isTrue();
    assertThat(sharing.pays("large", branches(3))).isFalse();
  }

  @Test
  void aSlowTimeIsForgottenInTheEnd() {
    shared("small", 1_000, Duration.ofMillis(10), 0);

    assertThat(IntStream.range(0, 50).anyMatch(i -> sharing.pays("small", branches(1_000))))
        .isTrue();
  }

  @Test
  void whatWasCachedSaysNothingOfTheSpeed() {
    shared("large", 1_000, Duration.ofSeconds(2), 0);
    shared("large", 1_000, Duration.ofMillis(1), 99);

    assertThat(sharing.pays("large", branches(1_000))).isTrue();
  }

  private void shared(String model, int characters, Duration prefill, int cached) {
    var usage = new TokenUsage(100, cached, 1);
    sharing.learn(
        model,
        branches(characters),
        new Completion(StopReason.LIMIT, usage, prefill, Duration.ZERO),
        prefill.plus(COPYING));
  }

  /// Three prompts that have so many characters in common, the one between system and user
  /// included.
  private static List<GenerationRequest> branches(int characters) {
    return IntStream.rangeClosed(1, 3)
        .mapToObj(
            branch ->
                new GenerationRequest(
                    new Conversation("", "x".repeat(characters - 1) + branch),
                    Written.text(""),
                    new Sampling(0, 1, 0, 0, 0, 1),
                    branch,
                    100,
                    new Deadline(Instant.EPOCH),
                    "job/" + branch))
        .toList();
  }
}
