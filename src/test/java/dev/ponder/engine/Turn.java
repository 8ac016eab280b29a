package dev.ponder.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A generation that was read to its end.
public record Turn(List<Piece> pieces, Completion completion) {

  private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*");

  public static Turn read(TokenStream stream) {
    try (stream) {
      List<Piece> pieces = new ArrayList<>();
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        pieces.add(piece);
      }
      return new Turn(pieces, stream.completion());
    }
  }

  String text() {
    return pieces.stream().map(Piece::text).collect(Collectors.joining());
  }

  public int tokens() {
    return pieces.stream().mapToInt(Piece::tokens).sum();
  }

  int[] ids() {
    return pieces.stream().flatMapToInt(piece -> Arrays.stream(piece.ids())).toArray();
  }

  int promptTokens() {
    return completion.usage().prompt();
  }

  /// The ids of this turn and of the one that continued it.
  int[] idsWith(Turn rest) {
    return IntStream.concat(Arrays.stream(ids()), Arrays.stream(rest.ids())).toArray();
  }

  static boolean wholeCharacters(String text) {
    return text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
  }

  static long[] numbersIn(String message) {
    return NUMBER
        .matcher(message)
        .results()
        .map(MatchResult::group)
        .mapToLong(digits -> Long.parseLong(digits.replace(",", "")))
        .toArray();
  }
}
