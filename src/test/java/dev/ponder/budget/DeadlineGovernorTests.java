package dev.ponder.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.budget.Governor.Outlook;
import dev.ponder.budget.Governor.Ruling;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DeadlineGovernorTests {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final TokenBudget ANSWER = new TokenBudget(4096, 4096);

  private final DeadlineGovernor governor =
      new DeadlineGovernor(InstantSource.fixed(NOW), Duration.ofMillis(500));

  @Test
  void givesTheConfiguredBudgetWhileThereIsTime() {
    var ruling = governor.rule(stage(Duration.ofMinutes(30), 0.5, 100));

    assertThat(think(ruling).budget()).isEqualTo(new TokenBudget(12_000, 2_000));
  }

  @Test
  void cutsTheBudgetToWhatTheMeasuredSpeedCanWriteInTime() {
    var ruling = governor.rule(stage(Duration.ofSeconds(600), 0.5, 20));

    // 600 s less the margin; at most 40 % of it is kept for the answer, half of the rest is mine.
    int fitting = (int) (20 * 599.5 * 0.6 * 0.5) - 2_000;
    assertThat(think(ruling).budget().thinking()).isBetween(fitting - 20, fitting + 20);
  }

  @Test
  void leavesAStageOutWhenNothingCouldComeOfIt() {
    var ruling = governor.rule(stage(Duration.ofSeconds(20), 0.5, 20));

    assertThat(ruling).isInstanceOf(Ruling.Hurry.class);
    assertThat(((Ruling.Hurry) ruling).because()).contains("final answer");
  }

  @Test
  void closesEveryStageBeforeTheReserveOfTheAnswerBegins() {
    var deadline = Duration.ofMinutes(30);

    var ruling = think(governor.rule(stage(deadline, 1, 100)));

    Duration reserve = Duration.ofSeconds(2 * 4096 / 100);
    assertThat(ruling.stopBy()).isBeforeOrEqualTo(NOW.plus(deadline).minus(reserve));
    assertThat(ruling.closeBy()).isBefore(ruling.stopBy());
  }

  @Test
  void letsTheClockRuleWhileTheSpeedIsUnknown() {
    var ruling = think(governor.rule(stage(Duration.ofMinutes(4), 0.5, 0)));

    assertThat(ruling.budget()).isEqualTo(new TokenBudget(12_000, 2_000));
    assertThat(ruling.stopBy()).isBefore(NOW.plus(Duration.ofMinutes(3)));
  }

  @Test
  void alwaysLetsTheAnswerBeWrittenWhileAnyTimeIsLeft() {
    var ruling = governor.rule(new Outlook(in(Duration.ofSeconds(2)), ANSWER, 1, true, ANSWER, 10));

    assertThat(think(ruling).stopBy()).isEqualTo(NOW.plusMillis(1500));
    assertThat(think(ruling).budget().thinking()).isZero();
  }

  @Test
  void hurriesOnceTheDeadlineIsHere() {
    var ruling =
        governor.rule(new Outlook(in(Duration.ofMillis(400)), ANSWER, 1, true, ANSWER, 10));

    assertThat(ruling)
        .isEqualTo(new Ruling.Hurry("0.4 s are left before the deadline, and 0.5 s are kept free"));
  }

  /// 1,799.5 s without the margin, 81.92 s for an answer of 4,096 tokens, twice, 20 s for the
  /// conclusion.
  @Test
  void saysToTheMillisecondWhenAStageEnds() {
    var ruling = think(governor.rule(stage(Duration.ofMinutes(30), 1, 100)));

    assertThat(ruling.stopBy()).isEqualTo(NOW.plusMillis(1_717_580));
    assertThat(ruling.closeBy()).isEqualTo(NOW.plusMillis(1_697_580));
  }

  /// Of 2.8 s without the margin 0.2 s are the answer's, and 26 tokens fit into the rest.
  @Test
  void sixteenTokensOfThinkingAreEnoughAndFifteenAreNot() {
    assertThat(think(governor.rule(slow(Duration.ofMillis(3_300), 1_000))).budget())
        .isEqualTo(new TokenBudget(16, 10));
    assertThat(governor.rule(slow(Duration.ofMillis(3_299), 1_000)))
        .isEqualTo(
            new Ruling.Hurry(
                "2.6 s are left before the final answer, too few for a stage that thinks at 10.0 tokens/s"));
  }

  @Test
  void aStageThatWantsFewerTokensThanThatGetsThem() {
    assertThat(think(governor.rule(slow(Duration.ofMinutes(1), 8))).budget())
        .isEqualTo(new TokenBudget(8, 10));
  }

  @Test
  void aBudgetConcludesWithOneTokenAtLeast() {
    assertThat(new TokenBudget(0, 1).total()).isEqualTo(1);
    assertThat(new TokenBudget(3, 4).total()).isEqualTo(7);
    assertThatThrownBy(() -> new TokenBudget(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBudget(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void usageAddsUp() {
    assertThat(new TokenUsage(1, 2, 3).plus(new TokenUsage(10, 20, 30)))
        .isEqualTo(new TokenUsage(11, 22, 33));
  }

  private static Outlook slow(Duration left, int thinking) {
    var answer = new TokenBudget(0, 1);
    return new Outlook(in(left), new TokenBudget(thinking, 10), 1, false, answer, 10);
  }

  private static Outlook stage(Duration left, double share, double speed) {
    return new Outlook(in(left), new TokenBudget(12_000, 2_000), share, false, ANSWER, speed);
  }

  private static Deadline in(Duration left) {
    return new Deadline(NOW.plus(left));
  }

  private static Ruling.Think think(Ruling ruling) {
    assertThat(ruling).isInstanceOf(Ruling.Think.class);
    return (Ruling.Think) ruling;
  }
}
