package dev.ponder.engine;

/// What the assistant has already written.
///
/// @param text the thought, `</think>`, the conclusion, or a part of that, as its pieces said; an
///     engine puts it back into the words of its model
/// @param ids its token ids as they were decoded, empty where unknown; an engine that accepts ids
///     continues from these
public record Written(String text, int[] ids) {

  public static final Written NOTHING = new Written("", new int[0]);

  public static Written text(String text) {
    return new Written(text, new int[0]);
  }
}
