package dev.ponder.stage;

/// The prompt of a stage with places to fill in. The names a template may use are those of
/// [PromptFacts]; a file that uses another one is refused at start-up.
public interface PromptTemplate {

  Prompt render(PromptFacts facts);
}
