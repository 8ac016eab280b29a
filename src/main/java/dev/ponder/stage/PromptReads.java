package dev.ponder.stage;

import dev.ponder.stage.PromptFacts.Branch;
import java.util.List;

/// Which facts the prompt of a stage has a place for.
///
/// @param earlier key results of compressed thoughts
/// @param conclusions the conclusions of the branches
/// @param answers their answers
/// @param reasoning their reasoning
public record PromptReads(
    boolean analysis,
    boolean earlier,
    boolean synthesis,
    boolean verification,
    boolean conclusions,
    boolean answers,
    boolean reasoning) {

  private static final PromptFacts MARKED =
      new PromptFacts(
          "prompt",
          "⟦analysis⟧",
          "⟦earlier⟧",
          List.of(new Branch(1, "⟦conclusion⟧", "⟦answer⟧", "⟦reasoning⟧")),
          "⟦synthesis⟧",
          "candidate",
          "⟦verification⟧",
          "verified",
          "0.97",
          "revisit",
          1,
          1);

  /// Finds out by filling the prompt in.
  public static PromptReads of(PromptTemplate template) {
    Prompt prompt = template.render(MARKED);
    String text = prompt.system() + prompt.user();
    return new PromptReads(
        text.contains("⟦analysis⟧"),
        text.contains("⟦earlier⟧"),
        text.contains("⟦synthesis⟧"),
        text.contains("⟦verification⟧"),
        text.contains("⟦conclusion⟧"),
        text.contains("⟦answer⟧"),
        text.contains("⟦reasoning⟧"));
  }
}
