package dev.ponder.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTests {

  private static List<String> lines(InputStream stream) {
    List<String> lines = new ArrayList<>();
    LastWords.eachLine(stream, lines::add);
    return lines;
  }

  /// A child that never ends its line would fill the memory of its parent.
  @Test
  void keepsTheBeginningOfALineWithoutAnEnd() {
    InputStream endless =
        new InputStream() {
          private long left = 4L << 30;

          @Override
          public int read() {
            return left-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] bytes, int from, int length) {
            if (left <= 0) {
              return -1;
            }
            // All but the first bytes are skipped over in large steps.
            left -= 1L << 24;
            java.util.Arrays.fill(bytes, from, from + length, (byte) 'x');
            return length;
          }
        };

    assertThat(lines(endless)).singleElement().asString().hasSize(2_000);
  }

  @Test
  void readsLinesAsTheyAre() {
    byte[] bytes = "one\r\n\ntwo é\nrest".getBytes(StandardCharsets.UTF_8);

    assertThat(lines(new ByteArrayInputStream(bytes))).containsExactly("one", "", "two é", "rest");
  }
}
