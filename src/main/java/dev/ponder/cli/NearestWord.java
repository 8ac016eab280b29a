package dev.ponder.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The word somebody probably meant.
final class NearestWord {

  /// Nobody mistypes a word of this length; comparing a longer one would only cost time.
  private static final int LONGEST = 100;

  private NearestWord() {}

  /// The candidate with the fewest slips (a letter too many, missing, wrong, or two swapped), if
  /// there are at most two slips or one per three letters.
  static Optional<String> to(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String typed = word.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(candidate -> candidate.length() <= LONGEST)
        .filter(candidate -> slips(typed, candidate) <= Math.clamp(candidate.length() / 3, 1, 3))
        .min(
            Comparator.comparingInt((String candidate) -> slips(typed, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static int slips(String typed, String candidate) {
    String meant = candidate.toLowerCase(Locale.ROOT);
    int[][] slips = new int[typed.length() + 1][meant.length() + 1];
    for (int i = 0; i <= typed.length(); i++) {
      for (int j = 0; j <= meant.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int wrong = typed.charAt(i - 1) == meant.charAt(j - 1) ? 0 : 1;
        int best =
            Math.min(slips[i - 1][j - 1] + wrong, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && typed.charAt(i - 1) == meant.charAt(j - 2)
                && typed.charAt(i - 2) == meant.charAt(j - 1);
        slips[i][j] = swapped ? Math.min(best, slips[i - 2][j - 2] + 1) : best;
      }
    }
    return slips[typed.length()][meant.length()];
  }
}
