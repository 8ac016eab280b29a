package dev.ponder.hostile;

import java.util.List;
import java.util.stream.IntStream;

/// Different words of one [String#hashCode], as many as one likes: pairs of letters of which the
/// second makes up for the first are put together.
public final class SameHash {

  private SameHash() {}

  /// Short words of printable ASCII.
  public static List<String> words(int count) {
    return made(count, "Aa", "BB", "C#");
  }

  /// Words of small letters, which stay of one hash when they are folded.
  public static List<String> small(int count) {
    return made(count, "aÿ", "bà");
  }

  /// Names that collide in Jackson's table of names of characters, whatever its seed is.
  public static List<String> jacksonNames(int count) {
    return made(count, "Ab", "BA", "C ");
  }

  private static List<String> made(int count, String... pairs) {
    int length = 1;
    for (long all = pairs.length; all < count; all *= pairs.length) {
      length++;
    }
    int pieces = length;
    return IntStream.range(0, count).mapToObj(i -> word(i, pieces, pairs)).toList();
  }

  private static String word(int number, int pieces, String... pairs) {
    var word = new StringBuilder(2 * pieces);
    for (int i = 0, rest = number; i < pieces; i++, rest /= pairs.length) {
      word.append(pairs[rest % pairs.length]);
    }
    return word.toString();
  }
}
