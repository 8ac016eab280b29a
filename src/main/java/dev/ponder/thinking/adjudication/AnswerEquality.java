package dev.ponder.thinking.adjudication;

import dev.ponder.stage.AnswerComparison;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.comparison.Notation;
import dev.ponder.stage.comparison.Sameness;
import java.util.List;

/// When two answers of a job are the same: as its pipeline says, and by the judgements there are.
/// All answers that abstain are one.
final class AnswerEquality {

  private final Pipeline pipeline;
  private final Judgements judgements;

  AnswerEquality(Pipeline pipeline, Judgements judgements) {
    this.pipeline = pipeline;
    this.judgements = judgements;
  }

  boolean abstains(String answer) {
    return pipeline.abstains(answer);
  }

  /// What is neither settled nor judged counts as different.
  boolean same(String one, String other) {
    return switch (byRules(one, other)) {
      case SAME -> true;
      case DIFFERENT -> false;
      case UNSETTLED -> judgements.same(one, other).orElse(false);
    };
  }

  /// Whether an answer is the same as each of these.
  boolean same(String answer, List<String> all) {
    return all.stream().allMatch(other -> same(answer, other));
  }

  /// Whether a model has to be asked.
  boolean isOpen(String one, String other) {
    return pipeline.answers() == AnswerComparison.JUDGED
        && byRules(one, other) == Sameness.UNSETTLED
        && judgements.same(one, other).isEmpty();
  }

  /// Whether it was the model that said so.
  boolean isJudgedSame(String one, String other) {
    return byRules(one, other) == Sameness.UNSETTLED && judgements.same(one, other).orElse(false);
  }

  private Sameness byRules(String one, String other) {
    boolean none = abstains(one);
    if (none != abstains(other)) {
      return Sameness.DIFFERENT;
    }
    if (none || blanksAside(one).equals(blanksAside(other))) {
      return Sameness.SAME;
    }
    return pipeline.answers() == AnswerComparison.EXACT
        ? Sameness.DIFFERENT
        : Notation.compare(one, other);
  }

  private static String blanksAside(String answer) {
    return answer.strip().replaceAll("\\s+", " ");
  }
}
