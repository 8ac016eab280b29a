package dev.ponder.memory;

import dev.ponder.memory.Clauses.Clause;
import dev.ponder.memory.Clauses.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks that a summary keeps what a thought came to: every number with its sign, unit and bound,
/// every name, and what is denied, demanded or restricted; and that it states no number and no name
/// that the thought does not have.
///
/// Where the check is in doubt it objects: a summary that is rejected wrongly costs a second try
/// and leaves the original, one that is accepted wrongly loses a fact. It reads the text, it does
/// not understand it: that a value was given to the wrong name passes if both are there, and the
/// markers of clauses are English.
public final class FactCheck {

  /// `1.` and `2)` at the beginning of a line count lines of the summary, not things.
  private static final Pattern COUNTED_LINE = Pattern.compile("(?m)^[ *-]*\\d{1,3}[.)] ");

  /// A conclusion without any other fact, such as `wrong`, has to survive in its own words.
  private static final int MOST_WORDS = 8;

  private final String thought;
  private final Set<Quantity> quantities = new LinkedHashSet<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final List<Clause> clauses = new ArrayList<>();
  private final Set<String> words = new LinkedHashSet<>();

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
    var calculations = new Calculations();
    List<String> all = statements.isEmpty() ? check.thought.lines().toList() : statements;
    for (String each : all) {
      String statement = Wording.plain(each);
      if (!calculations.add(statement) && !statements.isEmpty()) {
        check.require(statement);
      }
    }
    for (String open : calculations.open()) {
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
    names.addAll(Names.in(statement, thought));
    clauses.addAll(Clauses.in(statement));
  }

  private boolean isEmpty() {
    return quantities.isEmpty() && names.isEmpty() && clauses.isEmpty();
  }

  /// What a summary lacks and what it made up.
  public Findings check(String summary) {
    String text = COUNTED_LINE.matcher(Wording.plain(summary)).replaceAll("");
    List<Quantity> stated = Quantities.in(text);
    Set<String> missing = new LinkedHashSet<>();
    quantities.stream()
        .filter(quantity -> stated.stream().noneMatch(quantity::isStatedBy))
        .forEach(quantity -> missing.add(quantity.shown()));
    names.stream().filter(name -> !Names.has(text, name)).forEach(missing::add);
    List<Clause> said = Clauses.whole(text);
    clauses.stream()
        .filter(clause -> said.stream().noneMatch(clause::isStatedBy))
        .forEach(clause -> missing.add(clause.shown()));
    Set<String> present = Clauses.words(text);
    words.stream().filter(word -> !present.contains(word)).forEach(missing::add);
    return new Findings(List.copyOf(missing), invented(text, stated));
  }

  private List<String> invented(String summary, List<Quantity> stated) {
    Set<String> invented = new LinkedHashSet<>();
    List<String> known = Quantities.in(thought).stream().map(Quantity::number).toList();
    stated.stream()
        .filter(quantity -> !known.contains(quantity.number()))
        .forEach(quantity -> invented.add(quantity.shown()));
    invented.addAll(Names.notIn(thought, summary));
    List<Clause> denied = Clauses.whole(thought);
    Clauses.in(summary).stream()
        .filter(clause -> clause.kind() == Kind.NEGATION)
        .filter(clause -> denied.stream().noneMatch(clause::isStatedBy))
        .forEach(clause -> invented.add(clause.shown()));
    return List.copyOf(invented);
  }

  /// What the check found.
  ///
  /// @param missing facts of the thought that the summary lacks
  /// @param invented numbers, names and denials of the summary that the thought does not have
  public record Findings(List<String> missing, List<String> invented) {

    public boolean passed() {
      return missing.isEmpty() && invented.isEmpty();
    }

    /// A line for each, as a retry tells them to the model.
    public List<String> objections() {
      List<String> lines = new ArrayList<>();
      missing.forEach(each -> lines.add("missing: " + each));
      invented.forEach(each -> lines.add("not in the notes: " + each));
      return lines;
    }
  }

  /// The lines of a calculation, and which of their results nothing has used yet.
  private static final class Calculations {

    private record Result(String number, String statement) {}

    private final List<Result> open = new ArrayList<>();

    /// Takes a line in; false if it is no calculation.
    boolean add(String line) {
      int equals = line.lastIndexOf('=');
      if (equals <= 0 || "<>!".indexOf(line.charAt(equals - 1)) >= 0) {
        return false;
      }
      List<Quantity> results = Quantities.in(line.substring(equals + 1));
      if (results.isEmpty()) {
        return false;
      }
      Quantities.in(line.substring(0, equals))
          .forEach(operand -> open.removeIf(result -> result.number().equals(operand.number())));
      open.add(new Result(results.getLast().number(), said(line, equals)));
      return true;
    }

    /// What is left of `Leo: 11 * 3 = 30 + 3 = 33 coins`: `Leo = 33 coins`.
    private static String said(String line, int equals) {
      int colon = line.indexOf(':');
      String subject = colon > 0 && colon < equals ? line.substring(0, colon) : "";
      return subject + " =" + line.substring(equals + 1);
    }

    List<String> open() {
      return open.stream().map(Result::statement).toList();
    }
  }
}
