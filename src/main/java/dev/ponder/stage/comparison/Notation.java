package dev.ponder.stage.comparison;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Locale;

/// Compares answers by what they denote, not by how they are written.
public final class Notation {

  private Notation() {}

  /// What the rules say of two answers. Symmetric; never throws, whatever the text.
  public static Sameness compare(String one, String other) {
    String left = plain(one);
    String right = plain(other);
    if (left.equals(right)) return Sameness.SAME;
    try {
      boolean same = new BigDecimal(left).compareTo(new BigDecimal(right)) == 0;
      return same ? Sameness.SAME : Sameness.DIFFERENT;
    } catch (NumberFormatException noNumber) {
      return Sameness.UNSETTLED;
    }
  }

  private static String plain(String answer) {
    return Normalizer.normalize(answer, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
  }
}
