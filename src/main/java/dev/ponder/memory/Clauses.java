package dev.ponder.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what a text denies, demands or restricts. The markers are English. A sentence is read
/// once, however many markers it has.
public final class Clauses {

  /// What a clause does.
  public enum Kind {
    NEGATION(
        "not|never|cannot|without|neither|nor|none|nobody|nothing|no|forbidden|impossible"
            + "|\\p{L}{1,20}n['’]t"),
    OBLIGATION("must|has to|have to|needs to|need to|required|requires|shall"),
    RESTRICTION("only|solely|exclusively|exactly");

    private final Pattern marker;

    Kind(String markers) {
      marker =
          Pattern.compile(
              "(?<![\\p{L}'’-])(?:%s)(?![\\p{L}'’-])".formatted(markers), Pattern.CASE_INSENSITIVE);
    }
  }

  /// A clause, by the stems of the words that its marker is about.
  ///
  /// @param shown how a person reads it
  public record Clause(Kind kind, Set<String> about, String shown) {

    /// What decides whether another text states it.
    Claim claim() {
      return new Claim(kind, about.stream().sorted().toList());
    }
  }

  /// A clause without the sentence that it stands in. Claims of one hash are found by their order.
  ///
  /// @param about ascending
  record Claim(Kind kind, List<String> about) implements Comparable<Claim> {

    @Override
    public int compareTo(Claim other) {
      int byKind = kind.compareTo(other.kind);
      return byKind != 0
          ? byKind
          : String.join(" ", about).compareTo(String.join(" ", other.about));
    }
  }

  /// Possessive, because a repeated group that can go back takes a frame of the stack for each
  /// repetition.
  private static final Pattern SENTENCE =
      Pattern.compile("[^.;!?\\n]++(?:\\.(?=\\d)[^.;!?\\n]*+)*+");

  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}'’-]*+");

  /// Those are bounds of numbers and are compared with their numbers.
  private static final Pattern BOUND =
      Pattern.compile(
          " (?:(?:more|less|fewer|greater|lower|higher|over) than|(?:equal (?:to )?)?[-$€£¥₹]?\\d)",
          Pattern.CASE_INSENSITIVE);

  /// Longer than what [#BOUND] matches.
  private static final int LONGEST_BOUND = 24;

  private static final int MOST_ABOUT = 2;

  /// More of a sentence says no more to whoever mends a summary.
  private static final int LONGEST_SHOWN = 300;

  private Clauses() {}

  /// The clauses of a text in [Wording#plain] form, each with the words it is most about.
  public static List<Clause> in(String text) {
    List<Clause> clauses = new ArrayList<>();
    Matcher sentences = SENTENCE.matcher(text);
    while (sentences.find()) {
      var sentence = new Sentence(sentences.group());
      for (Kind kind : Kind.values()) {
        Matcher marker = kind.marker.matcher(sentence.text);
        while (marker.find()) {
          Wording.stopIfInterrupted();
          Set<String> about =
              sentence.denies(marker)
                  ? sentence.about(marker.start(), marker.end())
                  : Set.<String>of();
          if (!about.isEmpty()) {
            clauses.add(new Clause(kind, about, sentence.shown()));
          }
        }
      }
    }
    return clauses;
  }

  /// What a text in [Wording#plain] form states, for looking up clauses of another one.
  public static Stated stated(String text) {
    var stated = new Stated();
    Matcher sentences = SENTENCE.matcher(text);
    while (sentences.find()) {
      var sentence = new Sentence(sentences.group());
      for (Kind kind : Kind.values()) {
        Matcher marker = kind.marker.matcher(sentence.text);
        boolean has = false;
        while (!has && marker.find()) {
          Wording.stopIfInterrupted();
          has = sentence.denies(marker);
        }
        if (has) {
          stated.add(kind, sentence.words());
        }
      }
    }
    return stated;
  }

  /// Sentences with a marker, by the words in them.
  public static final class Stated {
    private final Map<Kind, Map<String, List<Integer>>> sentences = new HashMap<>();
    private final Map<Claim, Boolean> known = new HashMap<>();
    private int next;

    private void add(Kind kind, Set<String> words) {
      var byWord = sentences.computeIfAbsent(kind, k -> new HashMap<>());
      words.forEach(word -> byWord.computeIfAbsent(word, w -> new ArrayList<>()).add(next));
      next++;
    }

    /// Whether one of the sentences has a marker of the clause's kind and all its words.
    public boolean has(Clause clause) {
      return known.computeIfAbsent(clause.claim(), this::has);
    }

    private boolean has(Claim claim) {
      var byWord = sentences.getOrDefault(claim.kind(), Map.of());
      List<Integer> all = null;
      for (String word : claim.about()) {
        List<Integer> with = byWord.getOrDefault(word, List.of());
        all = all == null ? with : common(all, with);
      }
      return all != null && !all.isEmpty();
    }

    /// Both ascend: each of the fewer is looked up in the other.
    private static List<Integer> common(List<Integer> one, List<Integer> other) {
      List<Integer> fewer = one.size() <= other.size() ? one : other;
      List<Integer> more = fewer == one ? other : one;
      return fewer.stream().filter(each -> Collections.binarySearch(more, each) >= 0).toList();
    }
  }

  /// A sentence with its content words in order.
  private static final class Sentence {
    private final String text;
    private final List<Integer> starts = new ArrayList<>();
    private final List<String> stems = new ArrayList<>();
    private final List<Integer> commas = new ArrayList<>();
    private boolean read;
    private String shown = "";
    private Set<String> words = Set.of();

    Sentence(String text) {
      this.text = text;
    }

    /// Most sentences have no marker, and are not read for words.
    private void read() {
      if (read) {
        return;
      }
      read = true;
      Matcher matcher = WORD.matcher(text);
      while (matcher.find()) {
        String word = matcher.group();
        if (isContent(word)) {
          starts.add(matcher.start());
          stems.add(Wording.stem(word));
        }
      }
      for (int i = text.indexOf(','); i >= 0; i = text.indexOf(',', i + 1)) {
        commas.add(i);
      }
      words = new HashSet<>(stems);
    }

    public Set<String> words() {
      read();
      return words;
    }

    /// `No, wait` denies nothing, and `not more than 5` is a bound.
    boolean denies(Matcher marker) {
      int end = marker.end();
      if (end < text.length() && text.charAt(end) == ',') {
        return false;
      }
      int window = Math.min(text.length(), end + LONGEST_BOUND);
      return !BOUND.matcher(text).region(end, window).lookingAt();
    }

    /// The content words that follow a marker up to a comma; where there are none, those before it.
    Set<String> about(int start, int end) {
      read();
      int comma = at(commas, end);
      int stop = comma < commas.size() ? commas.get(comma) : text.length();
      int first = at(starts, end);
      int last = first;
      while (last < starts.size() && last - first < MOST_ABOUT && starts.get(last) < stop) {
        last++;
      }
      if (last > first) {
        return new HashSet<>(stems.subList(first, last));
      }
      int before = at(starts, start);
      return new HashSet<>(stems.subList(Math.max(0, before - MOST_ABOUT), before));
    }

    /// Where the first of the ascending places is that is not before this one.
    private static int at(List<Integer> places, int from) {
      int found = Collections.binarySearch(places, from);
      return found >= 0 ? found : -found - 1;
    }

    String shown() {
      if (shown.isEmpty()) {
        shown = Wording.brief(text.strip(), LONGEST_SHOWN);
      }
      return shown;
    }
  }

  private static boolean isContent(String word) {
    return word.length() > 2 && !Wording.isPlainWord(word);
  }

  /// The stems of the content words of a text.
  public static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      Wording.stopIfInterrupted();
      String word = matcher.group();
      if (isContent(word)) {
        words.add(Wording.stem(word));
      }
    }
    return words;
  }
}
