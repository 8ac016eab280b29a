package dev.ponder.memory;

/// What the model wrote in one branch of one stage.
///
/// @param text all of it as it was decoded, `</think>` included
/// @param reasoning the part before `</think>`
/// @param conclusion the part after it, without surrounding blanks
/// @param tokens decoded for it
/// @param thinkingTokens those before `</think>`
public record Thought(
    ThoughtKey key,
    long seed,
    String text,
    String reasoning,
    String conclusion,
    int tokens,
    int thinkingTokens,
    ClosedBy closedBy) {

  public static final String END_OF_THINKING = "</think>";

  /// A thought from all its text, split at the first `</think>`.
  public static Thought of(
      ThoughtKey key, long seed, String text, int tokens, int thinkingTokens, ClosedBy closedBy) {
    int end = text.indexOf(END_OF_THINKING);
    String reasoning = end < 0 ? text : text.substring(0, end);
    String conclusion = end < 0 ? "" : text.substring(end + END_OF_THINKING.length());
    return new Thought(
        key, seed, text, reasoning.strip(), conclusion.strip(), tokens, thinkingTokens, closedBy);
  }

  /// What ended the thinking.
  public enum ClosedBy {
    /// The model came to its conclusion by itself.
    MODEL,
    /// Its token budget was used up.
    BUDGET,
    /// Its time was up.
    DEADLINE,
    /// It repeated itself.
    LOOP,
    /// It was broken off again and again, by an engine that cannot go on with a text.
    INTERRUPTIONS,
    /// Its server held the rest back.
    SERVER,
    /// A mistake in Ponder broke it off.
    MISTAKE;

    /// Whether the thought had its say, so that an answer that rests on it is whole.
    public boolean whole() {
      return switch (this) {
        case MODEL, BUDGET, LOOP -> true;
        case DEADLINE, INTERRUPTIONS, SERVER, MISTAKE -> false;
      };
    }

    /// Whether the thought was closed for the model.
    public boolean forced() {
      return this != MODEL;
    }
  }

  public boolean forcedClose() {
    return closedBy.forced();
  }
}
