package dev.ponder.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The older part of a running thought, from the end of the fold before it, as the rest of the
/// thought remembers it. The thought's own text is never changed by it.
///
/// @param number from 1; one with the same end as the fold before it stands for all that came
///     before, because the insights themselves had to be compressed
/// @param uptoChar where in the text the part ends
/// @param uptoToken tokens of the thought up to there
/// @param uptoId token ids of the thought up to there, or -1 if the end is inside of a token
/// @param insights what stands for it; null where no summary passed and the original does
public record Fold(int number, int uptoChar, int uptoToken, int uptoId, @Nullable String insights) {

  /// What the thought remembers of everything before its recent text.
  public static String earlier(String text, List<Fold> folds) {
    var earlier = new StringBuilder();
    int from = 0;
    for (Fold fold : folds) {
      if (fold.uptoChar() == from) {
        earlier.setLength(0);
      }
      String part =
          fold.insights() == null ? text.substring(from, fold.uptoChar()) : fold.insights();
      earlier.append(earlier.isEmpty() ? "" : "\n").append(part.strip());
      from = fold.uptoChar();
    }
    return earlier.toString();
  }
}
