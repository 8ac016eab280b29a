package dev.ponder.thinking.adjudication;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The answers of a job's branches, counted.
///
/// Sameness is not transitive: `13` is the same as `13 coins` and as `13 lemons`, which are not the
/// same. So an answer joins a group only if it is the same as everything in it, and of several such
/// groups the largest, then the oldest. Wordings that most branches share come first, then those of
/// the first branches: the order in which branches finish does not count.
final class Ballot {

  /// Characters of an answer that a sentence shows.
  static final int SHOWN = 120;

  private final AnswerEquality equality;
  private final List<Group> groups = new ArrayList<>();

  /// @param answers one for each branch that has one, in the order of branches
  Ballot(AnswerEquality equality, List<String> answers) {
    this.equality = equality;
    Map<String, Long> wordings =
        answers.stream()
            .collect(
                Collectors.groupingBy(answer -> answer, LinkedHashMap::new, Collectors.counting()));
    wordings.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(wording -> join(wording.getKey(), wording.getValue().intValue()));
  }

  private void join(String answer, int votes) {
    Optional<Group> largest =
        groups.stream()
            .filter(group -> equality.same(answer, group.wordings()))
            .reduce((one, other) -> other.votes() > one.votes() ? other : one);
    if (largest.isPresent()) {
      Group joined = largest.get();
      List<String> wordings = new ArrayList<>(joined.wordings());
      wordings.add(answer);
      groups.set(groups.indexOf(joined), new Group(wordings, joined.votes() + votes));
    } else {
      groups.add(new Group(List.of(answer), votes));
    }
  }

  /// Answers that are the same.
  ///
  /// @param wordings how they are written, the most frequent first
  record Group(List<String> wordings, int votes) {

    Group {
      wordings = List.copyOf(wordings);
    }

    /// The wording that stands for all of them.
    String answer() {
      return wordings.getFirst();
    }

    /// `"42" (also written 42.0 and forty-two)`.
    String inWords() {
      String quoted = quoted(answer());
      List<String> others =
          new LinkedHashSet<>(wordings.subList(1, wordings.size()))
              .stream().map(Ballot::shown).toList();
      return others.isEmpty()
          ? quoted
          : "%s (also written %s)".formatted(quoted, Ballot.listed(others));
    }
  }

  List<Group> groups() {
    return List.copyOf(groups);
  }

  /// The group of more than half of so many branches.
  Optional<Group> majority(int branches) {
    return groups.stream().filter(group -> group.votes() * 2 > branches).findFirst();
  }

  /// The largest of the groups that are an answer; of equal ones the first.
  Optional<Group> largest() {
    return groups.stream()
        .filter(group -> !equality.abstains(group.answer()))
        .sorted(Comparator.comparingInt(Group::votes).reversed())
        .findFirst();
  }

  /// The group that an answer is the same as, if there is one; of several the largest.
  Optional<Group> of(String answer) {
    return groups.stream()
        .filter(
            group -> group.wordings().contains(answer) || equality.same(answer, group.wordings()))
        .sorted(
            Comparator.comparing((Group group) -> !group.wordings().contains(answer))
                .thenComparing(Comparator.comparingInt(Group::votes).reversed()))
        .findFirst();
  }

  static String quoted(String answer) {
    return '"' + shown(answer) + '"';
  }

  static String shown(String answer) {
    String line = answer.strip().replaceAll("\\s+", " ");
    if (line.length() <= SHOWN) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(SHOWN - 2)) ? SHOWN - 2 : SHOWN - 1;
    return line.substring(0, end) + "…";
  }

  /// `a, b and c`.
  static String listed(List<String> some) {
    return some.size() < 2
        ? String.join("", some)
        : String.join(", ", some.subList(0, some.size() - 1)) + " and " + some.getLast();
  }
}
