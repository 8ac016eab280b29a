package dev.ponder.memory;

import dev.ponder.stage.Stage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Which of a job's thoughts matter most for its next one: what the newest conclusion names, then
/// what the stage follows, then what was thought last, then what has most words in common with the
/// problem and the newest conclusion.
///
/// A job has about ten thoughts, so this is arithmetic over a few hundred words; an index or an
/// embedding would say little more about so few texts of one problem.
final class Relevance {

  private static final double NAMED = 8;
  private static final double FOLLOWED = 4;
  private static final double RECENT = 2;

  private final Stage asked;
  private final List<Thought> thoughts;
  private final String newest;
  private final Set<String> query;
  private final Map<String, Integer> spread = new HashMap<>();

  /// @param asked the stage whose thought comes next
  /// @param problem the client's text
  /// @param thoughts the job's thoughts, in the order they were finished
  Relevance(Stage asked, String problem, List<Thought> thoughts) {
    this.asked = asked;
    this.thoughts = thoughts;
    this.newest = thoughts.isEmpty() ? "" : thoughts.getLast().conclusion();
    this.query = words(problem + " " + newest);
    thoughts.forEach(
        thought -> words(thought.text()).forEach(word -> spread.merge(word, 1, Integer::sum)));
  }

  /// Higher is more relevant.
  double of(Thought thought) {
    double recency = (thoughts.indexOf(thought) + 1.0) / Math.max(1, thoughts.size());
    int distance = asked.ordinal() - thought.key().stage().ordinal();
    double followed = distance <= 0 ? 0 : 1.0 / distance;
    return (isNamed(thought) ? NAMED : 0)
        + FOLLOWED * followed
        + RECENT * recency
        + similarity(thought);
  }

  /// `Branch 2 is right` names the second branch.
  private boolean isNamed(Thought thought) {
    return thought.key().stage() == Stage.DEEP_EXPLORATION
        && Pattern.compile(
                "(?i)\\b(?:branch|number|solution) %d\\b".formatted(thought.key().branch()))
            .matcher(newest)
            .find();
  }

  /// From 0 to 1: the words of the query that the thought has, rare ones counting more.
  double similarity(Thought thought) {
    Set<String> own = words(thought.text());
    double all = 0;
    double shared = 0;
    for (String word : query) {
      double weight = Math.log(1 + (double) thoughts.size() / spread.getOrDefault(word, 1));
      all += weight;
      shared += own.contains(word) ? weight : 0;
    }
    return all == 0 ? 0 : shared / all;
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>(Clauses.words(text));
    Quantities.in(text).forEach(quantity -> words.add(quantity.number()));
    return words;
  }
}
