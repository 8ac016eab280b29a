package dev.ponder.engine.openai;

/// How many tokens a text has, roughly: the protocol cannot be asked. Learns from what the server
/// counts, and errs on the side of more, because a prompt that is too long is refused.
final class TokenEstimate {

  private static final double MARGIN = 1.1;
  private static final double NEWEST = 0.3;

  /// Shorter texts say more about their words than about the language.
  private static final int FEWEST_CHARACTERS = 64;

  // A token of English is about four characters, of code and numbers fewer.
  private double perCharacter = 0.35;

  synchronized int of(int characters) {
    return (int) Math.ceil(characters * perCharacter * MARGIN);
  }

  synchronized void learn(int characters, int tokens) {
    if (characters >= FEWEST_CHARACTERS && tokens > 0) {
      double now = Math.min(2, (double) tokens / characters);
      perCharacter = perCharacter * (1 - NEWEST) + now * NEWEST;
    }
  }
}
