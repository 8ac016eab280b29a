package dev.ponder.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/// Which of the known names a mistyped one was meant to be.
public final class NearestName {

  private NearestName() {}

  public static String to(String typed, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt(
                name -> distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
        .orElseThrow();
  }

  /// Letters to insert, delete or replace.
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
