package dev.ponder.budget;

/// How many tokens a thought may still write: `thinking` before `</think>`, `conclusion` after it.
public record TokenBudget(int thinking, int conclusion) {

  public TokenBudget {
    if (thinking < 0 || conclusion < 1) {
      throw new IllegalArgumentException(
          "A token budget needs thinking >= 0 and conclusion >= 1, not %d and %d"
              .formatted(thinking, conclusion));
    }
  }

  public int total() {
    return thinking + conclusion;
  }
}
