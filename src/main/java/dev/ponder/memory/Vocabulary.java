package dev.ponder.memory;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The content words and the numbers of a text, by the hashes of their stems: enough to see what
/// texts have in common. Two words with one hash make a thought a little more relevant, once in
/// some hundred thousand words.
///
/// @param hashes ascending, each once
record Vocabulary(int[] hashes) {

  /// A thought never changes, and each prompt of its job asks for its words.
  private static final Map<Thought, Vocabulary> KNOWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  /// `1,000` and `1000` are the same; a number is no longer than one that is calculated with.
  private static final Pattern NUMBER = Pattern.compile("\\d++(?:[.,]\\d++)*+");

  private static final int LONGEST_NUMBER = 40;

  static Vocabulary of(Thought thought) {
    Vocabulary known = KNOWN.get(thought);
    if (known == null) {
      known = of(thought.text());
      KNOWN.put(thought, known);
    }
    return known;
  }

  static Vocabulary of(String text) {
    IntStream words = Clauses.words(text).stream().mapToInt(String::hashCode);
    return new Vocabulary(IntStream.concat(words, numbers(text)).sorted().distinct().toArray());
  }

  private static IntStream numbers(String text) {
    var numbers = IntStream.builder();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      Wording.stopIfInterrupted();
      if (matcher.end() - matcher.start() <= LONGEST_NUMBER) {
        numbers.add(matcher.group().replace(",", "").hashCode());
      }
    }
    return numbers.build();
  }

  boolean has(int hash) {
    return Arrays.binarySearch(hashes, hash) >= 0;
  }
}
