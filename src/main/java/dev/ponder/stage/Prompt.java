package dev.ponder.stage;

/// A rendered prompt: what goes to the model for one thought.
public record Prompt(String system, String user) {}
