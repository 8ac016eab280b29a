package dev.ponder.budget;

import dev.ponder.time.Deadline;
import java.time.Instant;

/// Shares out what is left of a job's time: asked before each stage, it says how many tokens the
/// stage's thoughts may write and when they have to close, or that there is no time for the stage.
public interface Governor {

  Ruling rule(Outlook outlook);

  /// What a stage wants and what is left.
  ///
  /// @param wanted the stage's configured budget
  /// @param share the part of the remaining thinking that this stage is, in (0, 1]; 1 for the last
  /// @param last whether this stage writes the answer
  /// @param answer the budget that the answering stage has to have in any case
  /// @param tokensPerSecond measured decode speed of one thought, or 0 while unknown
  record Outlook(
      Deadline deadline,
      TokenBudget wanted,
      double share,
      boolean last,
      TokenBudget answer,
      double tokensPerSecond) {}

  /// What the governor decided.
  sealed interface Ruling {

    /// Think with this budget; close the thought at `closeBy`; stop writing at `stopBy`.
    record Think(TokenBudget budget, Instant closeBy, Instant stopBy) implements Ruling {}

    /// There is no time for this stage: go to the final output, or answer with what is there.
    record Hurry(String because) implements Ruling {}
  }
}
