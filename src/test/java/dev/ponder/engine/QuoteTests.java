package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain words|plain words",
        "<html><head><title>502 Bad Gateway</title><style>a{b:c}</style></head><body><h1>502</h1></body></html>|502 Bad Gateway 502",
        "<script>if (a<b) x();</script>hello|hello",
        "a < b and c > d|a < b and c > d",
        "<p>a &lt; b &amp;&amp; c</p>|a < b && c",
        "see http://me:secret@host/v1|see http://•••@host/v1",
        "GET http://h/v1?a=1&api-key=abc'def|GET http://h/v1?a=1&api-key=•••'def",
        "no https://h/x?X-Signature=a%2Fb&b=2|no https://h/x?X-Signature=•••&b=2",
        "Incorrect API key provided: sk-abcdefgh12345|Incorrect API key provided: sk-•••",
        "Bearer abcdefgh.12345 is wrong|Bearer ••• is wrong"
      })
  void saysWhatWasSaid(String said, String quoted) {
    assertThat(Quote.of(said)).isEqualTo(quoted);
  }

  @Test
  void isOneLineOfVisibleText() {
    assertThat(Quote.of(" a\r\n\tb\u0000\u001B[31mc\u200B ")).isEqualTo("a b [31mc");
  }

  @Test
  void isShortAndCutsNoCharacter() {
    String quote = Quote.of("x" + "😀".repeat(1000));

    assertThat(quote).hasSizeLessThanOrEqualTo(300).endsWith("😀…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<", "<a ", "<script>", "<script><", "&lt;", "://a", "sk-", "\n", "?key", "&key="})
  void takesNoTimeForAnything(String part) {
    long began = System.nanoTime();

    Quote.of(part.repeat(100_000).getBytes());

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
  }
}
