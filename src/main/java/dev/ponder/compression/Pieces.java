package dev.ponder.compression;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Cuts a long text where its lines or sentences end.
public final class Pieces {

  /// A line that ends so few characters later goes along.
  private static final int LITTLE = 240;

  private Pieces() {}

  /// The text in pieces of at most about so many tokens; together they are the text.
  static List<String> of(String text, int mostTokens, ToIntFunction<String> count) {
    int tokens = count.applyAsInt(text);
    if (tokens <= mostTokens) {
      return List.of(text);
    }
    // A tenth less than the average allows: tokens are not spread evenly.
    int characters = Math.max(1, (int) (0.9 * text.length() * mostTokens / tokens));
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to =
          text.length() - from <= characters ? text.length() : cut(text, from, from + characters);
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /// The last place up to `to`, or soon after it, at which a text can be cut: after a line, else
  /// after a sentence, else between two words. Later than `from` in any case.
  public static int cut(String text, int from, int to) {
    int end = Math.min(to, text.length());
    int line = after(text, '\n', from, end);
    if (line > from) {
      return line;
    }
    int next = text.indexOf('\n', end, Math.min(text.length(), end + LITTLE)) + 1;
    if (next > 0) {
      return next;
    }
    for (int i = end; i > from + 1; i--) {
      if (" \t".indexOf(text.charAt(i - 1)) >= 0 && ".!?".indexOf(text.charAt(i - 2)) >= 0) {
        return i;
      }
    }
    int blank = after(text, ' ', from, end);
    if (blank > from) {
      return blank;
    }
    boolean half = end < text.length() && Character.isLowSurrogate(text.charAt(end));
    return half && end - 1 > from ? end - 1 : half ? end + 1 : end;
  }

  /// The place after the last such character from `from` to `end`; `from` if there is none.
  private static int after(String text, char c, int from, int end) {
    int at = end;
    while (at > from && text.charAt(at - 1) != c) {
      at--;
    }
    return at;
  }
}
