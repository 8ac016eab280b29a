package dev.ponder.engine;

/// What the assistant has already written, exactly as it was decoded, tags included.
///
/// @param text the text after the chat template's opening, which for thinking models already
///     contains `<think>`
/// @param ids its token ids, empty where unknown; an engine that accepts ids continues from these
public record Written(String text, int[] ids) {

  public static final Written NOTHING = new Written("", new int[0]);

  public static Written text(String text) {
    return new Written(text, new int[0]);
  }
}
