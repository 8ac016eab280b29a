package dev.ponder.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WholeCharactersTests {

  private static String join(List<String> pieces) {
    WholeCharacters characters = new WholeCharacters();
    StringBuilder all = new StringBuilder();
    for (String piece : pieces) {
      String whole = characters.accept(piece);
      assertThat(whole.chars().filter(c -> Character.isSurrogate((char) c)).count()).isEven();
      all.append(whole);
    }
    return all + characters.end();
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(List.of("a", "😀", "b"), "a😀b"),
        Arguments.of(List.of("a\uD83D", "\uDE00b"), "a😀b"),
        Arguments.of(List.of("\uD83D", "", "\uDE00"), "😀"),
        Arguments.of(List.of("a\uD83D"), "a\uFFFD"),
        Arguments.of(List.of("\uDE00a"), "\uFFFDa"),
        Arguments.of(List.of("\uD83D", "a"), "\uFFFDa"),
        Arguments.of(List.of("\uD83D", "\uD83D\uDE00"), "\uFFFD😀"),
        Arguments.of(List.of("\uD83D\uD83D", "\uDE00"), "\uFFFD😀"),
        Arguments.of(List.of("\uDE00\uD83D"), "\uFFFD\uFFFD"),
        Arguments.of(List.of("", ""), ""));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void halvesComeTogetherOrAreNone(List<String> pieces, String expected) {
    assertThat(join(pieces)).isEqualTo(expected);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"é", "€", "😀", "👩‍🚀", "aé€😀z"})
  void bytesOfACharacterComeTogetherWhereverTheyAreCut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      byte[] first = Arrays.copyOf(bytes, cut);
      byte[] second = Arrays.copyOfRange(bytes, cut, bytes.length);

      String joined =
          join(
              List.of(
                  WholeCharacters.decode(first, first.length),
                  WholeCharacters.decode(second, second.length)));

      assertThat(joined).isEqualTo(text);
    }
  }

  @Test
  void surrogatesAsBytesAreSurrogates() {
    byte[] high = {(byte) 0xED, (byte) 0xA0, (byte) 0xBD};
    byte[] low = {(byte) 0xED, (byte) 0xB8, (byte) 0x80};

    assertThat(join(List.of(WholeCharacters.decode(high, 3), WholeCharacters.decode(low, 3))))
        .isEqualTo("😀");
    assertThat(join(List.of(WholeCharacters.decode(high, 3), "x"))).isEqualTo("\uFFFDx");
  }

  @Test
  void theSignForAnUnknownCharacterIsOne() {
    byte[] bytes = "a\uFFFDb".getBytes(StandardCharsets.UTF_8);

    assertThat(join(List.of(WholeCharacters.decode(bytes, bytes.length)))).isEqualTo("a\uFFFDb");
  }

  @Test
  void noBytesMakeIllFormedText() {
    java.util.Random random = new java.util.Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[6];
      random.nextBytes(bytes);

      String joined = join(List.of(WholeCharacters.decode(bytes, 6)));

      assertThat(new String(joined.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .isEqualTo(joined);
    }
  }
}
