package dev.ponder.thinking;

/// A run was told to stop before its end. What it had written is durable.
final class RunStopped extends RuntimeException {

  private final LiveJob.StopCause why;

  RunStopped(LiveJob.StopCause why) {
    super("The run was stopped: " + why, null, false, false);
    this.why = why;
  }

  LiveJob.StopCause why() {
    return why;
  }
}
