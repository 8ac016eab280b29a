package dev.ponder.engine;

import java.io.IOException;

/// An answer that cannot be understood, with a piece of it in the message. A piece of an answer can
/// be a piece of a thought, so a log leaves it out.
public final class QuotedException extends IOException {

  private final String quoted;

  /// @param what begins the message
  /// @param answer which it quotes
  public QuotedException(String what, String answer) {
    this(what, answer, null);
  }

  public QuotedException(
      String what, String answer, @org.jspecify.annotations.Nullable Throwable cause) {
    super(what + Quote.of(answer), cause);
    this.quoted = Quote.of(answer);
  }

  String quoted() {
    return quoted;
  }
}
