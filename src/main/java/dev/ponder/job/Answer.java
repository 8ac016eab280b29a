package dev.ponder.job;

/// What a job ends with.
///
/// @param text the answer as the final output stated it
/// @param confidence in [0, 1]
/// @param completeness whether all stages had their say
/// @param restsOn a sentence that says what the confidence rests on
public record Answer(String text, double confidence, Completeness completeness, String restsOn) {

  public Answer {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("A confidence is between 0 and 1, not " + confidence);
    }
  }

  /// Whether the answer is what the whole pipeline came to.
  public enum Completeness {
    FULL,
    PARTIAL
  }
}
