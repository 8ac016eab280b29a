package dev.ponder.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The name somebody probably meant: the one with the fewest letters to add, drop, change or swap.
public final class Nearest {

  /// Nobody mistypes a name of this length; comparing a megabyte would only cost time.
  private static final int LONGEST = 100;

  private Nearest() {}

  /// The nearest name, if few letters differ: one in three, at most five.
  public static Optional<String> to(String typed, Collection<String> known) {
    if (typed.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> name.length() <= LONGEST)
        .filter(name -> slips(typed, name) <= Math.clamp(name.length() / 3, 1, 5))
        .min(
            Comparator.comparingInt((String name) -> slips(typed, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /// ` Did you mean 'x'?`, to be put behind a sentence; empty if no name is near.
  public static String question(String typed, Collection<String> known) {
    return to(typed, known).map(near -> " Did you mean '" + near + "'?").orElse("");
  }

  /// The nearest name, however far it is.
  ///
  /// @param typed short
  public static String amongAll(String typed, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(name -> slips(typed, name))).orElseThrow();
  }

  private static int slips(String typed, String name) {
    String a = typed.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(slips[i - 1][j], slips[i][j - 1]) + 1;
        least = Math.min(least, slips[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, slips[i - 2][j - 2] + 1);
        }
        slips[i][j] = least;
      }
    }
    return slips[a.length()][b.length()];
  }
}
