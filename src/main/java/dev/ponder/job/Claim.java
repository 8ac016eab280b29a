package dev.ponder.job;

/// A job that a node has claimed.
///
/// @param by the row of the table by which it came into the node's hands
public record Claim(Lease lease, Transition by) {

  /// Whether the run before this one is gone, with what it had not yet made durable.
  public boolean isTakenOver() {
    return by.from().isStage();
  }
}
