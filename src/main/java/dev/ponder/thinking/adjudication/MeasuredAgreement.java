package dev.ponder.thinking.adjudication;

import java.util.OptionalDouble;

/// How often an answer on which k of n independent thoughts agree is right, counted on public
/// trajectories of Qwen3-8B on 90 problems of AIME and HMMT, 128 thoughts each, drawn again 200 to
/// 300 times. One model on competition mathematics: a figure to start from, not a law.
final class MeasuredAgreement {

  private MeasuredAgreement() {}

  /// The part that was right; nothing where it was not counted. Of three, one means that all
  /// differ.
  static OptionalDouble of(int k, int n) {
    double right =
        switch (10 * n + k) {
          case 33 -> 0.930;
          case 32 -> 0.519;
          case 31 -> 0.155;
          case 55 -> 0.965;
          case 53 -> 0.483;
          default -> Double.NaN;
        };
    return n > 9 || Double.isNaN(right) ? OptionalDouble.empty() : OptionalDouble.of(right);
  }
}
