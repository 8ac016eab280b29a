package dev.ponder.start;

/// A start-up that cannot succeed, known before anything was started.
final class CannotStart extends RuntimeException {

  private final String action;

  /// @param sentence what is in the way
  /// @param action what to do about it
  CannotStart(String sentence, String action) {
    super(sentence);
    this.action = action;
  }

  String action() {
    return action;
  }
}
