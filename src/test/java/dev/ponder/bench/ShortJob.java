package dev.ponder.bench;

import java.util.List;
import java.util.Random;

/// A job as the embedded model thinks it, with numbers of its own.
final class ShortJob {

  /// One of its thoughts.
  record Thought(String stage, int branch, String text) {}

  private final int a;
  private final int b;
  private final int c;
  private final int d;
  private final int all;
  private final int left;

  ShortJob(Random random) {
    a = 2 + random.nextInt(9);
    b = 2 + random.nextInt(90);
    c = 2 + random.nextInt(9);
    d = 2 + random.nextInt(90);
    all = a * b + c * d;
    left = 1 + random.nextInt(500);
  }

  String prompt() {
    return "Ada buys %d lemons at %d coins each and %d pens at %d coins each. Ada pays with %d coins. How much change does Ada get?"
        .formatted(a, b, c, d, all + left);
  }

  String answer() {
    return "Ada has %d coins left.".formatted(left);
  }

  int bytes() {
    return prompt().length() + answer().length();
  }

  List<Thought> thoughts() {
    return List.of(
        new Thought("initial_analysis", 1, analysis()),
        new Thought("deep_exploration", 1, exploration("First the lemons.")),
        new Thought("deep_exploration", 2, exploration("Step by step.")),
        new Thought("deep_exploration", 3, exploration("I follow the plan.")),
        new Thought(
            "synthesis",
            1,
            "All 3 branches say %d.\nNothing speaks against it.\n</think>\n\nCandidate: %d"
                .formatted(left, left)),
        new Thought(
            "verification",
            1,
            "%sI get %d, the candidate is %d: equal.\n</think>\n\nVerdict: correct\nAnswer: %d\nConfidence: 0.97"
                .formatted(calculation(), left, left, left)),
        new Thought(
            "final_output", 1, "State %d clearly.\n</think>\n\n%s".formatted(left, answer())));
  }

  private String analysis() {
    return """
    What do I know?
    - %d lemons at %d each
    - %d pens at %d each
    - money: %d coins
    The question is about the coins left over.
    </think>

    Known: %d lemons at %d; %d pens at %d; money: %d.
    Asked: the change.
    Plan: cost of lemons; cost of pens; add; take away from the money."""
        .formatted(a, b, c, d, all + left, a, b, c, d, all + left);
  }

  private String exploration(String begin) {
    return "%s\n%s</think>\n\nAnswer: %d".formatted(begin, calculation(), left);
  }

  private String calculation() {
    return "%d * %d = %d\n%d * %d = %d\n%d + %d = %d\n%d - %d = %d\n"
        .formatted(a, b, a * b, c, d, c * d, a * b, c * d, all, all + left, all, left);
  }
}
