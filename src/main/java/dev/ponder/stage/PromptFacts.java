package dev.ponder.stage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a prompt template can name. Facts of stages that have not run, or were skipped, are null
/// and their template sections stay empty. White space around a fact does not reach the prompt.
///
/// @param prompt the client's text
/// @param analysis the conclusion of the initial analysis
/// @param earlier key results of this job's compressed thoughts
/// @param branches the branches of the exploration
/// @param synthesis the conclusion of the synthesis
/// @param candidate the one answer the synthesis settled on
/// @param verification the conclusion of the verification
/// @param verified the answer the final output has to state
/// @param confidence how sure the run is of `verified`, with two decimals: `0.97`
/// @param revisit why verification sent the job back to exploration
/// @param branch the number of the branch that is asked, from 1
/// @param branchCount how many branches the asked stage has
public record PromptFacts(
    String prompt,
    @Nullable String analysis,
    @Nullable String earlier,
    List<Branch> branches,
    @Nullable String synthesis,
    @Nullable String candidate,
    @Nullable String verification,
    @Nullable String verified,
    @Nullable String confidence,
    @Nullable String revisit,
    int branch,
    int branchCount) {

  public PromptFacts {
    branches = List.copyOf(branches);
    if (branch < 1 || branch > branchCount) {
      throw new IllegalArgumentException(
          "Branch %d of %d: branches count from 1".formatted(branch, branchCount));
    }
  }

  /// One branch of the exploration, as later stages see it.
  ///
  /// @param number from 1
  /// @param conclusion what it wrote after `</think>`
  /// @param answer the value the pipeline's `answer` pattern read from it
  /// @param reasoning what it wrote before `</think>`, shortened to the prompt's budget
  public record Branch(
      int number, String conclusion, @Nullable String answer, @Nullable String reasoning) {}

  public static PromptFacts of(String prompt) {
    return new PromptFacts(prompt, null, null, List.of(), null, null, null, null, null, null, 1, 1);
  }

  /// The same facts with key results of earlier thoughts.
  public PromptFacts remembering(String insights) {
    return new PromptFacts(
        prompt,
        analysis,
        insights,
        branches,
        synthesis,
        candidate,
        verification,
        verified,
        confidence,
        revisit,
        branch,
        branchCount);
  }

  /// The same facts for branch `number` of `count`.
  public PromptFacts forBranch(int number, int count) {
    return new PromptFacts(
        prompt,
        analysis,
        earlier,
        branches,
        synthesis,
        candidate,
        verification,
        verified,
        confidence,
        revisit,
        number,
        count);
  }
}
