package dev.ponder.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Reserves the time of the final answer first, and gives each stage its share of the rest.
///
/// A stage gets `share × (time left − reserve)`. At a known speed its tokens are cut to what fits
/// into that time; at an unknown one only the clock limits it. The reserve is the time that the
/// answering stage needs for its conclusion at the measured speed, twice, because speed drops as a
/// context fills; it is never more than [#MOST_RESERVED] of what is left, never less than the
/// margin.
public final class DeadlineGovernor implements Governor {

  /// At most this part of the time left is kept for the answer.
  static final double MOST_RESERVED = 0.4;

  /// The part of the time left that is reserved while the speed is unknown.
  private static final double RESERVED_BLIND = 0.25;

  /// Thinking of fewer tokens than this comes to nothing; the stage is left out instead.
  static final int LEAST_THINKING = 16;

  private final InstantSource time;
  private final Duration margin;

  /// @param margin kept free before every deadline, for what is not decoding
  public DeadlineGovernor(InstantSource time, Duration margin) {
    this.time = time;
    this.margin = margin;
  }

  @Override
  public Ruling rule(Outlook outlook) {
    Instant now = time.instant();
    Duration left = outlook.deadline().before(margin).remaining(time);
    if (left.isZero()) {
      return new Ruling.Hurry(
          "%.1f s are left before the deadline, and %.1f s are kept free"
              .formatted(seconds(outlook.deadline().remaining(time)), seconds(margin)));
    }
    Instant end = now.plus(left);
    Duration reserve = reserve(outlook, left);
    if (outlook.last()) {
      return new Ruling.Think(fitting(outlook, left.minus(reserve)), end.minus(reserve), end);
    }
    Duration mine = scaled(left.minus(reserve), outlook.share());
    TokenBudget budget = fitting(outlook, mine);
    boolean cut = budget.thinking() < outlook.wanted().thinking();
    if (cut && budget.thinking() < LEAST_THINKING) {
      return new Ruling.Hurry(
          "%.1f s are left before the final answer, too few for a stage that thinks at %.1f tokens/s"
              .formatted(seconds(left.minus(reserve)), outlook.tokensPerSecond()));
    }
    Duration concluding = least(decoding(budget.conclusion(), outlook), scaled(mine, 0.3));
    return new Ruling.Think(budget, now.plus(mine.minus(concluding)), now.plus(mine));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static Duration reserve(Outlook outlook, Duration left) {
    if (outlook.tokensPerSecond() <= 0) {
      return scaled(left, RESERVED_BLIND);
    }
    Duration needed = decoding(outlook.answer().conclusion(), outlook).multipliedBy(2);
    return least(needed, scaled(left, MOST_RESERVED));
  }

  private static TokenBudget fitting(Outlook outlook, Duration given) {
    TokenBudget wanted = outlook.wanted();
    if (outlook.tokensPerSecond() <= 0) {
      return wanted;
    }
    double tokens = outlook.tokensPerSecond() * given.toMillis() / 1000;
    double thinking = Math.min(wanted.thinking(), tokens - wanted.conclusion());
    return new TokenBudget(Math.max(0, (int) thinking), wanted.conclusion());
  }

  private static Duration decoding(int tokens, Outlook outlook) {
    return outlook.tokensPerSecond() <= 0
        ? Duration.ZERO
        : Duration.ofMillis((long) (1000 * tokens / outlook.tokensPerSecond()));
  }

  private static Duration scaled(Duration duration, double factor) {
    return Duration.ofMillis((long) (duration.toMillis() * factor));
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
