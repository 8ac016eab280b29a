package dev.ponder.simulation;

import java.util.SplittableRandom;

/// How likely everything that can go wrong is in one run. About half of it does not happen at all,
/// so that what remains is seen alone too.
final class Odds {

  private final SplittableRandom random;
  private boolean over;

  final double statementFails;
  final double answerIsLost;
  final double nodeDiesAtStatement;
  final double othersComeBetween;
  final double slowStatement;
  final double engineUnavailable;
  final double engineBreaksOff;
  final double engineHangs;
  final double refuses;

  Odds(SplittableRandom random) {
    this.random = random;
    statementFails = drawn(0.02);
    answerIsLost = drawn(0.03);
    nodeDiesAtStatement = drawn(0.004);
    othersComeBetween = drawn(0.5);
    slowStatement = drawn(0.05);
    engineUnavailable = drawn(0.1);
    engineBreaksOff = drawn(0.02);
    engineHangs = drawn(0.01);
    refuses = drawn(0.02);
  }

  private double drawn(double most) {
    return random.nextBoolean() ? 0 : random.nextDouble() * most;
  }

  /// Whether it happens now.
  boolean happens(double odds) {
    return odds > 0 && !over && random.nextDouble() < odds;
  }

  boolean databaseMayFail() {
    return statementFails > 0 || answerIsLost > 0;
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  boolean chance(double odds) {
    return random.nextDouble() < odds;
  }

  /// From now on nothing goes wrong any more.
  void end() {
    over = true;
  }
}
