package dev.ponder.stage.comparison;

/// What the rules say of two answers.
public enum Sameness {
  /// Both denote the same, perhaps in another notation.
  SAME,
  /// The rules are sure that both denote something else.
  DIFFERENT,
  /// The rules cannot say; a model or a person could.
  UNSETTLED
}
