package dev.ponder.budget;

import static org.assertj.core.api.Assertions.assertThat;

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

    assertThat(ruling).isInstanceOf(Ruling.Hurry.class);
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
