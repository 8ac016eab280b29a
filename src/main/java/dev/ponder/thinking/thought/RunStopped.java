package dev.ponder.thinking.thought;

/// A run was told to stop before its end. What it had written is durable.
public final class RunStopped extends RuntimeException {

  private final LiveJob.StopCause why;

  public RunStopped(LiveJob.StopCause why) {
    super("The run was stopped: " + why, null, false, false);
    this.why = why;
  }

  public LiveJob.StopCause why() {
    return why;
  }
}
