package dev.ponder.time;

/// A piece of work was not done in its time. It has been interrupted, and nobody waits for it.
public final class TimeIsUp extends RuntimeException {

  TimeIsUp(String message) {
    // Where the waiting ended says nothing about what it waited for.
    super(message, null, false, false);
  }
}
