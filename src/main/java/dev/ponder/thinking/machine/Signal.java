package dev.ponder.thinking.machine;

/// What moves a job from one phase to another.
public enum Signal {
  /// A run takes the job from the queue, to the stage where it has to go on.
  BEGIN,
  /// The stage is done.
  ADVANCE,
  /// Verification found a reason to explore once more.
  SEND_BACK,
  /// Time runs short, or the client wants the answer now.
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
