package dev.ponder.budget;

/// Tokens an engine worked on, as the engine counted them. `cached` is the part of `prompt` that
/// was taken from the engine's KV cache instead of being evaluated.
public record TokenUsage(int prompt, int cached, int written) {

  public static final TokenUsage NONE = new TokenUsage(0, 0, 0);

  public TokenUsage plus(TokenUsage other) {
    return new TokenUsage(prompt + other.prompt, cached + other.cached, written + other.written);
  }
}
