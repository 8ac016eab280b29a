package dev.ponder.engine;

/// A piece of text as it was decoded, tags included: whole characters, never half of one.
///
/// @param text the text; may be empty for a token that prints nothing
/// @param tokens how many tokens it took, at least 0 (a lead byte is counted with its character)
/// @param ids the token ids, empty where the engine does not report them
public record Piece(String text, int tokens, int[] ids) {

  private static final int[] NO_IDS = {};

  public Piece(String text, int tokens) {
    this(text, tokens, NO_IDS);
  }
}
