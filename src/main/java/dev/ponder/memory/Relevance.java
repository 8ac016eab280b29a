package dev.ponder.memory;

import dev.ponder.stage.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which of a job's thoughts matter most for its next one: what the newest conclusion names, then
/// what the stage follows, then what was thought last, then what has most words in common with the
/// problem and the newest conclusion.
///
/// A job has about ten thoughts, so this is arithmetic over a few hundred words; an index or an
/// embedding would say little more about so few texts of one problem.
final class Relevance {

  /// Without `\b`, which looks for the letter below each combining mark, back to the first of them.
  private static final Pattern NAMED_BRANCH =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_])(?:branch|number|solution) (\\d{1,3})(?![\\p{L}\\p{N}_])",
          Pattern.CASE_INSENSITIVE);

  private static final double NAMED = 8;
  private static final double FOLLOWED = 4;
  private static final double RECENT = 2;

  private final Stage asked;
  private final List<Thought> thoughts;
  private final Set<Integer> named;
  private final int[] query;
  private final double[] weights;

  /// @param asked the stage whose thought comes next
  /// @param problem the client's text
  /// @param thoughts the job's thoughts, in the order they were finished
  Relevance(Stage asked, String problem, List<Thought> thoughts) {
    this.asked = asked;
    this.thoughts = thoughts;
    String newest = thoughts.isEmpty() ? "" : thoughts.getLast().conclusion();
    this.named = namedIn(newest);
    this.query = Vocabulary.of(problem + " " + newest).hashes();
    List<Vocabulary> all = thoughts.stream().map(Vocabulary::of).toList();
    this.weights =
        Arrays.stream(query)
            .mapToLong(word -> all.stream().filter(each -> each.has(word)).count())
            .mapToDouble(having -> Math.log(1 + (double) thoughts.size() / Math.max(1, having)))
            .toArray();
  }

  /// Higher is more relevant.
  double of(Thought thought) {
    double recency = (lastOfItsStage(thought) + 1.0) / Math.max(1, thoughts.size());
    int distance = asked.ordinal() - thought.key().stage().ordinal();
    double followed = distance <= 0 ? 0 : 1.0 / distance;
    return (isNamed(thought) ? NAMED : 0)
        + FOLLOWED * followed
        + RECENT * recency
        + similarity(thought);
  }

  /// Branches think side by side: which one ended last says nothing.
  private int lastOfItsStage(Thought thought) {
    int last = -1;
    for (int i = 0; i < thoughts.size(); i++) {
      var key = thoughts.get(i).key();
      boolean same = key.stage() == thought.key().stage() && key.visit() == thought.key().visit();
      last = same ? i : last;
    }
    return last;
  }

  /// `Branch 2 is right` names the second branch.
  private boolean isNamed(Thought thought) {
    return thought.key().stage() == Stage.DEEP_EXPLORATION
        && named.contains(thought.key().branch());
  }

  private static Set<Integer> namedIn(String conclusion) {
    return NAMED_BRANCH
        .matcher(conclusion)
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .collect(Collectors.toSet());
  }

  /// From 0 to 1: the words of the query that the thought has, rare ones counting more.
  double similarity(Thought thought) {
    Vocabulary own = Vocabulary.of(thought);
    double all = 0;
    double shared = 0;
    for (int i = 0; i < query.length; i++) {
      all += weights[i];
      shared += own.has(query[i]) ? weights[i] : 0;
    }
    return all == 0 ? 0 : shared / all;
  }
}
