package dev.ponder.thinking.adjudication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads what a model replies when it is asked which answers mean the same: `Same: 1=3, 2`, and
/// what models make of that form, such as `1 and 3 are the same`, `{1, 3}, {2}`, `[[1,3],[2]]` or
/// `none`.
final class JudgedGroups {

  /// A reply is short. What follows is explanation.
  private static final int LONGEST = 2_000;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

  /// Between two numbers of one group.
  private static final Pattern JOINED = Pattern.compile("\\s*+(?:=+|≡|~|≈|&|\\+)\\s*+");

  private static final Pattern CLAUSE =
      Pattern.compile("[.;\\n]|, and\\b|\\b(?:but|while|whereas|however)\\b");

  private static final Pattern SAME =
      Pattern.compile("\\b(?:same|equal|equals|equivalent|identical|agree)\\b");

  private static final Pattern DIFFERENT =
      Pattern.compile("\\b(?:not|differ|differs|different|distinct|apart|none)\\b|n't\\b");

  private static final Pattern BRACKETS = Pattern.compile("[\\[{(]([^\\[\\]{}()]*+)[\\]})]");

  private static final Pattern ALL =
      Pattern.compile("\\ball\\b[^.\\n]{0,40}\\b(?:same|equal|equivalent|agree)|\\bsame: *+all\\b");

  private static final Pattern NONE =
      Pattern.compile("\\b(?:none|all (?:are )?different|no two|nothing)\\b");

  private JudgedGroups() {}

  /// Groups of numbers from 1 to `answers`, every number in one, or nothing if the reply says no
  /// more than that it is no reply.
  static Optional<List<List<Integer>>> read(String reply, int answers) {
    String line = decisive(reply);
    int[] group = IntStream.rangeClosed(0, answers).toArray();
    boolean form = line.startsWith("same:");
    String numbers = form ? line.substring(5) : line;
    boolean said = brackets(numbers, group);
    if (!said && (form || JOINED.matcher(numbers).find())) {
      said = listed(numbers, group);
    } else if (!said) {
      said = prose(numbers, group);
    }
    if (!said && ALL.matcher(line).find()) {
      Arrays.fill(group, 1);
      said = true;
    }
    return said || NONE.matcher(line).find() ? Optional.of(groups(group)) : Optional.empty();
  }

  /// The last line that begins with `Same`, without that word; without one the first line.
  private static String decisive(String reply) {
    String text = reply.strip().toLowerCase(Locale.ROOT);
    String shown = text.substring(0, Math.min(LONGEST, text.length()));
    List<String> lines = shown.lines().map(JudgedGroups::bare).filter(l -> !l.isEmpty()).toList();
    for (String line : lines.reversed()) {
      if (line.startsWith("same:") || line.startsWith("same ")) {
        return line;
      }
    }
    return lines.stream().filter(line -> NUMBER.matcher(line).find()).findFirst().orElse(shown);
  }

  private static String bare(String line) {
    return line.replaceAll("[*_`>#]", "").replace('：', ':').strip();
  }

  private static boolean brackets(String line, int[] group) {
    Matcher brackets = BRACKETS.matcher(line);
    boolean said = false;
    while (brackets.find()) {
      List<Integer> numbers = new ArrayList<>();
      Matcher number = NUMBER.matcher(brackets.group(1));
      while (number.find()) {
        numbers.add(Integer.valueOf(number.group()));
      }
      boolean mine =
          !numbers.isEmpty() && numbers.stream().allMatch(n -> n > 0 && n < group.length);
      if (mine) {
        numbers.forEach(n -> join(group, numbers.getFirst(), n));
        said = true;
      }
    }
    return said;
  }

  /// `1=3, 2`, or `1, 3; 2`, or `1, 3` of three.
  private static boolean listed(String line, int[] group) {
    boolean byCommas = line.indexOf('=') < 0 && (line.indexOf(';') >= 0 || line.indexOf('|') >= 0);
    if (byCommas) {
      boolean said = false;
      for (String part : line.split("[;|]")) {
        List<Integer> numbers = numbers(part, group);
        numbers.forEach(n -> join(group, numbers.getFirst(), n));
        said |= !numbers.isEmpty();
      }
      return said;
    }
    List<Integer> all = numbers(line, group);
    Matcher number = NUMBER.matcher(line);
    int before = 0;
    int end = 0;
    while (number.find()) {
      int n = Integer.parseInt(number.group());
      boolean mine = n > 0 && n < group.length;
      if (mine && before > 0 && JOINED.matcher(line.substring(end, number.start())).matches()) {
        join(group, before, n);
      }
      before = mine ? n : 0;
      end = number.end();
    }
    if (line.indexOf('=') < 0 && all.size() > 1 && all.size() < group.length - 1) {
      // A list that leaves some out lists those that are the same.
      all.forEach(n -> join(group, all.getFirst(), n));
    }
    return !all.isEmpty();
  }

  /// `1 and 3 are the same, but 2 differs.`
  private static boolean prose(String line, int[] group) {
    boolean said = false;
    for (String clause : CLAUSE.split(line)) {
      List<Integer> numbers = numbers(clause, group);
      boolean different = DIFFERENT.matcher(clause).find();
      if (numbers.size() > 1 && !different && SAME.matcher(clause).find()) {
        numbers.forEach(n -> join(group, numbers.getFirst(), n));
        said = true;
      }
      said |= different && !numbers.isEmpty();
    }
    return said;
  }

  private static List<Integer> numbers(String text, int[] group) {
    List<Integer> numbers = new ArrayList<>();
    Matcher number = NUMBER.matcher(text);
    while (number.find()) {
      int n = Integer.parseInt(number.group());
      if (n > 0 && n < group.length && !numbers.contains(n)) {
        numbers.add(n);
      }
    }
    return numbers;
  }

  private static void join(int[] group, int one, int other) {
    int from = group[other];
    int to = group[one];
    for (int i = 1; i < group.length; i++) {
      group[i] = group[i] == from ? to : group[i];
    }
  }

  private static List<List<Integer>> groups(int[] group) {
    var groups = new TreeMap<Integer, List<Integer>>();
    for (int i = 1; i < group.length; i++) {
      int first = i;
      for (int j = 1; j < i; j++) {
        if (group[j] == group[i]) {
          first = j;
          break;
        }
      }
      groups.computeIfAbsent(first, n -> new ArrayList<>()).add(i);
    }
    return List.copyOf(groups.values());
  }
}
