package dev.ponder.stage.comparison;

import static dev.ponder.stage.comparison.Sameness.DIFFERENT;
import static dev.ponder.stage.comparison.Sameness.SAME;
import static dev.ponder.stage.comparison.Sameness.UNSETTLED;

import dev.ponder.stage.comparison.Value.Hedged;
import dev.ponder.stage.comparison.Value.Moment;
import dev.ponder.stage.comparison.Value.Quantity;
import dev.ponder.stage.comparison.Value.Words;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares names, words and sentences as far as rules reach: what sentences mean is for a model.
final class Prose {

  private static final int LONGEST_SENTENCE = 400;
  private static final int LONGEST_NUMBER = 8;

  private static final Pattern TOKEN =
      Pattern.compile(
          "-(?=[\\d.])|\\d[\\d.,:/]*+(?<![.,:/])(?:\\p{L}{1,3}(?!\\p{L}))?|[\\p{L}\\p{M}]++(?:'\\p{L}{1,2})?|\\d++|[^\\s\\p{L}\\d,.;:!?\"'()\\[\\]-]");

  private static final Set<String> ARTICLES = Set.of("the", "a", "an");

  private static final List<Set<String>> CLASSES =
      List.of(
          Set.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
          Set.of(
              "january",
              "february",
              "march",
              "april",
              "may",
              "june",
              "july",
              "august",
              "september",
              "october",
              "november",
              "december"),
          Set.of(
              "red", "blue", "green", "yellow", "black", "white", "orange", "purple", "brown",
              "pink", "grey"),
          Set.of(
              "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"),
          Set.of("left", "right"),
          Set.of("up", "down"),
          Set.of("increase", "decrease"),
          Set.of("increases", "decreases"),
          Set.of("odd", "even"),
          Set.of("win", "lose", "draw"),
          Set.of("valid", "invalid"),
          Set.of("male", "female"),
          Set.of("first", "last"),
          Set.of("spring", "summer", "autumn", "winter"));

  /// A sentence with one of these does not simply state what it names.
  private static final Set<String> TURNING =
      Set.of(
          "not",
          "no",
          "never",
          "none",
          "nor",
          "neither",
          "nobody",
          "nothing",
          "except",
          "unless",
          "if",
          "or",
          "either",
          "maybe",
          "perhaps",
          "possibly",
          "probably",
          "might",
          "may",
          "could",
          "should",
          "would",
          "about",
          "around",
          "approximately",
          "roughly",
          "nearly",
          "almost",
          "between",
          "least",
          "most",
          "more",
          "less",
          "fewer",
          "than",
          "over",
          "under",
          "above",
          "below",
          "but",
          "however",
          "although",
          "minus",
          "without",
          "only",
          "false",
          "wrong",
          "incorrect",
          "cannot",
          "half",
          "twice",
          "double",
          "every",
          "each",
          "per",
          "ago",
          "before",
          "after",
          "first",
          "another",
          "other",
          "unknown",
          "unlikely",
          "likely",
          "plus",
          "times",
          "another's",
          "up");

  private static final Pattern COPULA =
      Pattern.compile(
          "(?i)\\s(?:is|are|was|were|equals|=|named|called|will be|would be|must be)\\s");
  private static final Pattern SUBJECT =
      Pattern.compile("(?i)^(\\S++(?: \\S++)?) (?:is|was|are|were) the .++");

  private Prose() {}

  static Sameness compare(String one, String other) {
    List<String> left = tokens(one);
    List<String> right = tokens(other);
    if (left.equals(right)) {
      return sameLetters(one, other);
    }
    Sameness aligned = aligned(left, right);
    if (aligned != UNSETTLED) {
      return aligned;
    }
    if (left.size() == 1 && right.size() == 1) {
      return names(one, other);
    }
    boolean shorter = left.size() < right.size();
    return states(shorter ? other : one, shorter ? one : other) ? SAME : UNSETTLED;
  }

  /// The words of a text without case and articles; a hyphen parts words.
  private static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      tokens.add(token.group());
    }
    var kept = new ArrayList<String>();
    for (int i = 0; i < tokens.size(); i++) {
      String word = tokens.get(i);
      boolean article =
          ARTICLES.contains(word.toLowerCase(Locale.ROOT))
              && i + 1 < tokens.size()
              && (i == 0 || ARTICLES.contains(word));
      if (!article) {
        kept.add(word.toLowerCase(Locale.ROOT));
      }
    }
    return kept;
  }

  /// Case does not count, except where it makes another chemical formula: Co and CO.
  private static Sameness sameLetters(String one, String other) {
    return Chemistry.differ(one, other) ? UNSETTLED : SAME;
  }

  /// Sentences that differ in numbers only.
  private static Sameness aligned(List<String> one, List<String> other) {
    if (one.size() != other.size() || one.size() < 2) {
      return UNSETTLED;
    }
    Sameness all = SAME;
    for (int i = 0; i < one.size(); i++) {
      String left = one.get(i);
      String right = other.get(i);
      if (left.equals(right)) {
        continue;
      }
      List<Value> leftNumber = QuantityReader.read(left);
      List<Value> rightNumber = QuantityReader.read(right);
      if (leftNumber.isEmpty() || rightNumber.isEmpty()) {
        return UNSETTLED;
      }
      Sameness numbers = Comparison.compare(leftNumber.getFirst(), rightNumber.getFirst());
      if (numbers == UNSETTLED) {
        return UNSETTLED;
      }
      all = numbers == DIFFERENT ? DIFFERENT : all;
    }
    return all;
  }

  /// Two single words. Names are different if they are no forms of one name.
  private static Sameness names(String one, String other) {
    String left = one.toLowerCase(Locale.ROOT);
    String right = other.toLowerCase(Locale.ROOT);
    if (left.equals(right)) {
      return SAME;
    }
    if (CLASSES.stream().anyMatch(all -> all.contains(left) && all.contains(right))) {
      return DIFFERENT;
    }
    boolean bothNames = isName(one) && isName(other);
    if (bothNames && withoutMarks(left).equals(withoutMarks(right))) {
      return SAME;
    }
    return bothNames && !isAlike(left, right) ? DIFFERENT : UNSETTLED;
  }

  private static boolean isName(String word) {
    return word.length() > 2
        && Character.isUpperCase(word.charAt(0))
        && word.chars().skip(1).allMatch(c -> Character.isLowerCase(c));
  }

  private static String withoutMarks(String word) {
    return Normalizer.normalize(word, Normalizer.Form.NFD).replaceAll("\\p{M}++", "");
  }

  /// Ben and Benjamin, Jon and John: perhaps one name.
  private static boolean isAlike(String one, String other) {
    int start = 0;
    int shorter = Math.min(one.length(), other.length());
    while (start < shorter && one.charAt(start) == other.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
      end++;
    }
    boolean sameLength = one.length() == other.length();
    return start == shorter
        || start >= 3
        || !sameLength && start + end >= shorter - 1 && shorter > 2;
  }

  /// Whether a sentence says nothing but this: as what something is, or as what is something.
  private static boolean states(String sentence, String answer) {
    if (sentence.length() > LONGEST_SENTENCE || turns(sentence, answer)) {
      return false;
    }
    List<String> wanted = tokens(answer);
    Matcher copula = COPULA.matcher(sentence);
    int behind = -1;
    while (copula.find()) {
      behind = copula.end();
      copula.region(copula.end() - 1, sentence.length());
    }
    if (behind > 0 && tokens(PlainText.bare(sentence.substring(behind))).equals(wanted)) {
      return true;
    }
    Matcher subject = SUBJECT.matcher(sentence);
    return subject.matches() && tokens(subject.group(1)).equals(wanted);
  }

  /// Whether the words around an answer could turn it.
  private static boolean turns(String sentence, String answer) {
    var rest = new ArrayList<>(tokens(sentence));
    tokens(answer).forEach(rest::remove);
    return rest.stream().anyMatch(word -> TURNING.contains(word) || word.endsWith("n't"))
        || sentence.indexOf('?') >= 0;
  }

  /// What a sentence says of a value: the only number in it, or what stands behind its last `is`.
  static Sameness compare(String sentence, String answer, List<Value> values) {
    Value value = values.getFirst();
    if (sentence.length() > LONGEST_SENTENCE
        || value instanceof Words
        || value instanceof Hedged
        || turns(sentence, answer)) {
      return UNSETTLED;
    }
    if (value instanceof Quantity quantity) {
      return number(sentence, quantity, values);
    }
    if (value instanceof Moment) {
      return moment(sentence, values);
    }
    Matcher copula = COPULA.matcher(sentence);
    if (!copula.find()) {
      return UNSETTLED;
    }
    String behind = PlainText.bare(sentence.substring(copula.end()));
    List<Value> said = ValueReader.read(behind);
    return said.getFirst() instanceof Words ? UNSETTLED : Comparison.compare(said, values);
  }

  private static Sameness number(String sentence, Quantity wanted, List<Value> values) {
    String[] words = sentence.split(" ");
    int first = -1;
    int end = -1;
    for (int i = 0; i < words.length; i++) {
      if (i >= end && startsNumber(words[i])) {
        if (first >= 0) {
          return UNSETTLED;
        }
        first = i;
        end = longest(words, i).orElse(i + 1);
      }
    }
    if (first < 0) {
      return UNSETTLED;
    }
    List<Value> said = List.of();
    for (int last = Math.min(words.length, first + LONGEST_NUMBER);
        last > first && said.isEmpty();
        last--) {
      said = QuantityReader.read(joined(words, first, last));
    }
    if (said.isEmpty()) {
      return UNSETTLED;
    }
    Set<String> things = wanted.unit().things();
    boolean named =
        tokens(sentence).stream().map(UnitReader::singular).toList().containsAll(things);
    Sameness numbers = Comparison.compare(said, values);
    boolean things0 = said.getFirst() instanceof Quantity q && !q.unit().things().isEmpty();
    if (numbers == UNSETTLED && named && things0) {
      numbers = Comparison.compare(said, List.of(withoutThings(wanted)));
    }
    return numbers == SAME && !named ? UNSETTLED : numbers;
  }

  private static Quantity withoutThings(Quantity quantity) {
    Unit unit = quantity.unit();
    return new Quantity(
        quantity.amount(),
        quantity.precision(),
        new Unit(unit.dimensions(), unit.factor(), unit.zero(), Set.of(), unit.measured()),
        quantity.ordinal());
  }

  private static Optional<Integer> longest(String[] words, int first) {
    for (int last = Math.min(words.length, first + LONGEST_NUMBER); last > first; last--) {
      if (!QuantityReader.read(joined(words, first, last)).isEmpty()) {
        return Optional.of(last);
      }
    }
    return Optional.empty();
  }

  private static String joined(String[] words, int first, int last) {
    return PlainText.bare(String.join(" ", List.of(words).subList(first, last)));
  }

  private static boolean startsNumber(String word) {
    return word.chars().anyMatch(Character::isDigit)
        || NumberWords.read(word.replaceAll("[^\\p{L}-]", "")).isPresent();
  }

  /// The only moment in a sentence, if all its numbers belong to it.
  private static Sameness moment(String sentence, List<Value> values) {
    String[] words = sentence.split(" ");
    int start = 0;
    while (start < words.length && words.length - start > 8) {
      start++;
    }
    for (int first = start; first < words.length; first++) {
      for (int last = words.length; last > first; last--) {
        Optional<Moment> found = MomentReader.read(joined(words, first, last));
        if (found.isPresent()) {
          String outside =
              String.join(" ", List.of(words).subList(0, first))
                  + String.join(" ", List.of(words).subList(last, words.length));
          boolean onlyOne = outside.chars().noneMatch(Character::isDigit);
          return onlyOne ? Comparison.compare(List.of(found.get()), values) : UNSETTLED;
        }
      }
    }
    return UNSETTLED;
  }
}
