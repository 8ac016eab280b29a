package dev.ponder.job;

/// A signal came in a phase that has no row for it in [Transition#TABLE].
public final class IllegalMove extends RuntimeException {

  IllegalMove(Phase phase, Signal signal) {
    super("A job in phase %s does not take the signal %s".formatted(phase, signal));
  }
}
