package dev.ponder.engine;

/// How the next token is chosen.
///
/// @param temperature 0 (greedy) to 2
/// @param topP in (0, 1]; 1 is off
/// @param topK 0 (off) to 1,000,000
/// @param minP in [0, 1]; 0 is off
/// @param presencePenalty in [-2, 2]; 0 is off
/// @param repeatPenalty in (0, 2]; 1 is off
public record Sampling(
    double temperature,
    double topP,
    int topK,
    double minP,
    double presencePenalty,
    double repeatPenalty) {

  public Sampling {
    check("temperature", temperature, 0, 2);
    check("topP", topP, Double.MIN_VALUE, 1);
    check("topK", topK, 0, 1_000_000);
    check("minP", minP, 0, 1);
    check("presencePenalty", presencePenalty, -2, 2);
    check("repeatPenalty", repeatPenalty, Double.MIN_VALUE, 2);
  }

  private static void check(String name, double value, double from, double to) {
    // Written so that NaN fails: it reaches a native sampler otherwise, and ends its process.
    if (!(value >= from && value <= to)) {
      throw new IllegalArgumentException(
          "Sampling: %s is %s and has to be between %s and %s".formatted(name, value, from, to));
    }
  }
}
