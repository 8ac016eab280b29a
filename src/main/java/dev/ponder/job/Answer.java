package dev.ponder.job;

/// What a job ends with.
///
/// @param text the answer as the final output stated it
/// @param confidence in [0, 1]
/// @param basis whether that figure was measured or is an estimate
/// @param completeness whether all stages had their say
/// @param restsOn a sentence that says what the confidence rests on
public record Answer(
    String text,
    double confidence,
    ConfidenceBasis basis,
    Completeness completeness,
    String restsOn) {

  public Answer {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("A confidence is between 0 and 1, not " + confidence);
    }
  }

  /// Whether the answer is what the whole pipeline came to.
  public enum Completeness {
    FULL,
    PARTIAL,
    /// The job came to no answer: nothing that could be given, or an agreed "I cannot say".
    NONE
  }

  /// Where a confidence comes from.
  public enum ConfidenceBasis {
    /// How often such an agreement was right, counted on problems whose answers are known.
    MEASURED,
    /// A rule of thumb.
    ESTIMATED
  }
}
