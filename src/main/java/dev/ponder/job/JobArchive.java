package dev.ponder.job;

import java.util.UUID;

/// Where the thoughts of jobs go that have been over for long. They stay readable there. Answered
/// by whoever keeps thoughts.
public interface JobArchive {

  /// Brings what a job thought back to where it was; does nothing if it is there.
  ///
  /// @throws JobProblem.StorageFull if there is no room for it there
  void restore(UUID job);
}
