package dev.ponder.compression.check;

import dev.ponder.memory.Clauses;
import dev.ponder.memory.Clauses.Clause;
import dev.ponder.memory.Clauses.Kind;
import dev.ponder.memory.Wording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks that a summary keeps what a thought came to: every number with its sign, unit and bound,
/// every name, and what is denied, demanded or restricted; that it states no number and no name
/// that the thought does not have; and that its calculations are right.
///
/// A wrong calculation that stands in the thought as well may be copied: the summary is true to the
/// thought, and verification is there to find the error. It may not be copied where the thought
/// itself comes to another result, because the summary would bring back what was corrected. Where
/// the summary has a wrong calculation of its own it is rejected, although all its numbers occur.
///
/// Where the check is in doubt it objects: a summary that is rejected wrongly costs a second try
/// and leaves the original, one that is accepted wrongly loses a fact. It reads the text, it does
/// not understand it: that a value was given to the wrong name passes if both are there, and the
/// markers of clauses are English.
public final class FactCheck {

  /// `1.` and `2)` at the beginning of a line count lines of the summary, not things.
  private static final Pattern COUNTED_LINE = Pattern.compile("(?m)^[ *-]*+\\d{1,3}[.)] ");

  /// A conclusion without any other fact, such as `wrong`, has to survive in its own words.
  private static final int MOST_WORDS = 8;

  private final String thought;
  private final Set<Quantity> quantities = new LinkedHashSet<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final List<Clause> clauses = new ArrayList<>();
  private final Set<String> words = new LinkedHashSet<>();
  private @Nullable Names thoughtNames;

  private FactCheck(String thought) {
    this.thought = thought;
  }

  /// For a finished thought: what its conclusion states has to survive.
  public static FactCheck finished(String reasoning, String conclusion) {
    String result = Wording.plain(conclusion);
    var check = new FactCheck(Wording.plain(reasoning) + "\n" + result);
    check.require(result);
    if (check.isEmpty()) {
      String last = result.strip().lines().reduce("", (before, line) -> line);
      Clauses.words(last).stream().limit(MOST_WORDS).forEach(check.words::add);
    }
    return check;
  }

  /// For a part of a thought that goes on: what its statements say has to survive, but for the
  /// results of calculations that later ones have used up.
  ///
  /// @param statements those that count; empty where only calculations do
  public static FactCheck unfinished(String text, List<String> statements) {
    var check = new FactCheck(Wording.plain(text));
    var results = new OpenResults();
    List<String> all = statements.isEmpty() ? check.thought.lines().toList() : statements;
    for (String each : all) {
      String statement = Wording.plain(each);
      if (!results.add(statement) && !statements.isEmpty()) {
        check.require(statement);
      }
    }
    for (String open : results.statements()) {
      check.require(open);
    }
    return check;
  }

  /// For a part of which nothing has to survive: only what it does not say is objected to.
  public static FactCheck nothingMadeUp(String text) {
    return new FactCheck(Wording.plain(text));
  }

  private void require(String statement) {
    Quantities.in(statement).stream()
        .filter(quantity -> !quantity.shown().toLowerCase(Locale.ROOT).startsWith("one"))
        .forEach(quantities::add);
    names.addAll(thoughtNames().in(statement));
    clauses.addAll(Clauses.in(statement));
  }

  /// The thought is read once, however many statements and summaries are held against it.
  private Names thoughtNames() {
    Names known = thoughtNames;
    if (known == null) {
      known = Names.of(thought);
      thoughtNames = known;
    }
    return known;
  }

  private boolean isEmpty() {
    return quantities.isEmpty() && names.isEmpty() && clauses.isEmpty();
  }

  /// What a summary lacks and what it made up.
  public Findings check(String summary) {
    String text = COUNTED_LINE.matcher(Wording.plain(summary)).replaceAll("");
    List<Quantity> numbers = Quantities.in(text);
    var stated = new Quantity.Stated(numbers);
    Names named = Names.of(text);
    Set<String> missing = new LinkedHashSet<>();
    quantities.stream()
        .filter(quantity -> !stated.has(quantity))
        .forEach(quantity -> missing.add(quantity.shown()));
    names.stream().filter(name -> !named.has(name)).forEach(missing::add);
    Clauses.Stated said = Clauses.stated(text);
    clauses.stream()
        .filter(clause -> !said.has(clause))
        .forEach(clause -> missing.add(clause.shown()));
    Set<String> present = Clauses.words(text);
    words.stream().filter(word -> !present.contains(word)).forEach(missing::add);
    return new Findings(List.copyOf(missing), invented(text, numbers, named), wrong(text));
  }

  private List<String> wrong(String summary) {
    List<Calculation> wrong =
        Calculation.in(summary).stream().filter(calculation -> !calculation.holds()).toList();
    if (wrong.isEmpty()) {
      return List.of();
    }
    Map<String, Set<String>> known = new HashMap<>();
    for (Calculation each : Calculation.in(thought)) {
      known.computeIfAbsent(each.left(), left -> new HashSet<>()).add(each.right());
    }
    return wrong.stream()
        .filter(calculation -> !isCopied(calculation, known))
        .map(Calculation::shown)
        .distinct()
        .toList();
  }

  /// Whether the thought states it too, and comes to no other result.
  private static boolean isCopied(Calculation calculation, Map<String, Set<String>> known) {
    return Set.of(calculation.right()).equals(known.get(calculation.left()));
  }

  private List<String> invented(String summary, List<Quantity> numbers, Names named) {
    Set<String> invented = new LinkedHashSet<>();
    var known = new Quantity.Stated(Quantities.in(thought));
    numbers.stream()
        .filter(quantity -> !known.hasNumber(quantity))
        .forEach(quantity -> invented.add(quantity.shown()));
    invented.addAll(named.notIn(thoughtNames()));
    Clauses.Stated denied = Clauses.stated(thought);
    Clauses.in(summary).stream()
        .filter(clause -> clause.kind() == Kind.NEGATION)
        .filter(clause -> !denied.has(clause))
        .forEach(clause -> invented.add(clause.shown()));
    return List.copyOf(invented);
  }

  /// What the check found.
  ///
  /// @param missing facts of the thought that the summary lacks
  /// @param invented numbers, names and denials of the summary that the thought does not have
  /// @param wrong calculations of the summary that come to another result
  public record Findings(List<String> missing, List<String> invented, List<String> wrong) {

    public boolean passed() {
      return missing.isEmpty() && invented.isEmpty() && wrong.isEmpty();
    }

    /// A line for each, as a retry tells them to the model.
    public List<String> objections() {
      List<String> lines = new ArrayList<>();
      missing.forEach(each -> lines.add("missing: " + each));
      invented.forEach(each -> lines.add("not in the notes: " + each));
      wrong.forEach(each -> lines.add("wrong: " + each));
      return lines;
    }
  }
}
