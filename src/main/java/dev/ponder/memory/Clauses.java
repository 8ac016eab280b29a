package dev.ponder.memory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what a text denies, demands or restricts. The markers are English.
final class Clauses {

  /// What a clause does.
  enum Kind {
    NEGATION(
        "not|never|cannot|without|neither|nor|none|nobody|nothing|no|forbidden|impossible"
            + "|\\p{L}+n['’]t"),
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
  record Clause(Kind kind, Set<String> about, String shown) {

    boolean isStatedBy(Clause other) {
      return kind == other.kind && other.about.containsAll(about);
    }
  }

  private static final Pattern SENTENCE = Pattern.compile("[^.;!?\\n]+(?:\\.(?=\\d)[^.;!?\\n]*)*");
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}'’-]*");

  /// Those are bounds of numbers and are compared with their numbers.
  private static final Pattern BOUND =
      Pattern.compile(
          "^ (?:(?:more|less|fewer|greater|lower|higher|over) than|(?:equal (?:to )?)?[-$€£¥₹]?\\d)",
          Pattern.CASE_INSENSITIVE);

  private static final int MOST_ABOUT = 2;

  private Clauses() {}

  /// The clauses of a text in [Wording#plain] form, each with the words it is most about.
  static List<Clause> in(String text) {
    return find(text, false);
  }

  /// The same with all words of their sentences, for comparing.
  static List<Clause> whole(String text) {
    return find(text, true);
  }

  private static List<Clause> find(String text, boolean whole) {
    List<Clause> clauses = new ArrayList<>();
    Matcher sentences = SENTENCE.matcher(text);
    while (sentences.find()) {
      String sentence = sentences.group();
      for (Kind kind : Kind.values()) {
        Matcher marker = kind.marker.matcher(sentence);
        while (marker.find()) {
          add(clauses, kind, sentence, marker, whole);
        }
      }
    }
    return clauses;
  }

  private static void add(
      List<Clause> clauses, Kind kind, String sentence, Matcher marker, boolean whole) {
    String after = sentence.substring(marker.end());
    // `No, wait` denies nothing.
    if (BOUND.matcher(after).find() || after.startsWith(",")) {
      return;
    }
    Set<String> about = new HashSet<>();
    if (whole) {
      about.addAll(content(sentence));
    } else {
      List<String> following = content(after.split(",", 2)[0]);
      List<String> preceding = content(sentence.substring(0, marker.start()));
      List<String> words =
          following.isEmpty()
              ? preceding.subList(Math.max(0, preceding.size() - MOST_ABOUT), preceding.size())
              : following.subList(0, Math.min(MOST_ABOUT, following.size()));
      about.addAll(words);
    }
    if (!about.isEmpty()) {
      clauses.add(new Clause(kind, about, sentence.strip()));
    }
  }

  private static List<String> content(String text) {
    return WORD.matcher(text)
        .results()
        .map(match -> match.group())
        .filter(word -> word.length() > 2 && !Wording.isPlainWord(word))
        .map(Wording::stem)
        .toList();
  }

  /// The stems of the content words of a text.
  static Set<String> words(String text) {
    return new HashSet<>(content(text));
  }
}
