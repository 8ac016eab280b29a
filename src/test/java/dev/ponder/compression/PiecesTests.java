package dev.ponder.compression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecesTests {

  @Test
  void piecesEndWhereLinesEnd() {
    String text = "one line\nanother line\na third line\n";

    List<String> pieces = Pieces.of(text, 15, String::length);

    assertThat(pieces).containsExactly("one line\n", "another line\n", "a third line\n");
  }

  @Test
  void aTextThatFitsIsOnePiece() {
    assertThat(Pieces.of("one line", 8, String::length)).containsExactly("one line");
  }

  @Test
  void withoutLinesTheyEndWithSentencesAndWithoutThoseWithWords() {
    assertThat(Pieces.cut("It is so. It is not so, or is it", 0, 25)).isEqualTo(10);
    assertThat(Pieces.cut("word after word after word", 0, 12)).isEqualTo(11);
  }

  @Test
  void aPieceIsNeverEmptyAndNothingIsLost() {
    var random = new Random(5);
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      int length = 1 + random.nextInt(400);
      while (text.length() < length) {
        text.append(List.of("word", " ", "\n", ". ", "😀", "x".repeat(50)).get(random.nextInt(6)));
      }

      List<String> pieces = Pieces.of(text.toString(), 1 + random.nextInt(60), String::length);

      assertThat(pieces).doesNotContain("");
      assertThat(String.join("", pieces)).isEqualTo(text.toString());
      assertThat(pieces).noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
    }
  }
}
