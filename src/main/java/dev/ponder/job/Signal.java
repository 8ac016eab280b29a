package dev.ponder.job;

/// What moves a job from one phase to another, and who gives it.
public enum Signal {
  /// The client submits the job.
  ACCEPT,
  /// A node takes the job into its hands, in the stage where it has to go on: from the queue, from
  /// an owner that is gone, or out of a pause because the deadline is near.
  CLAIM,
  /// The run has done the stage.
  ADVANCE,
  /// Verification found a reason to explore once more.
  SEND_BACK,
  /// Time runs short, or the engine cannot go on: the run leaves stages out.
  HURRY,
  /// The final output stands.
  ANSWER,
  /// Something stopped the run that can be mended.
  PAUSE,
  /// The client wants a paused job to go on.
  RESUME,
  /// Something stopped the run that cannot be mended.
  FAIL,
  /// The client does not want the job any more.
  CANCEL
}
