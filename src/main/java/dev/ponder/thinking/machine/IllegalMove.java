package dev.ponder.thinking.machine;

/// A signal came in a phase that has no row for it in [Transition#TABLE].
public class IllegalMove extends RuntimeException {

  private final Phase phase;
  private final Signal signal;

  IllegalMove(Phase phase, Signal signal) {
    super("A job in phase %s does not take the signal %s".formatted(phase, signal));
    this.phase = phase;
    this.signal = signal;
  }

  public Phase phase() {
    return phase;
  }

  public Signal signal() {
    return signal;
  }
}
