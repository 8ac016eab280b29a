package dev.ponder.engine;

/// A piece of what the model writes: whole characters, never half of one. The pieces of a turn add
/// up to the thought, `</think>`, a blank line and the conclusion, whatever tags the model has.
///
/// @param text the text; may be empty for a token that prints nothing
/// @param tokens how many tokens it took, at least 0 (a lead byte is counted with its character)
/// @param ids the token ids as they were decoded, empty where the engine does not report them
public record Piece(String text, int tokens, int[] ids) {

  private static final int[] NO_IDS = {};

  public Piece(String text, int tokens) {
    this(text, tokens, NO_IDS);
  }
}
