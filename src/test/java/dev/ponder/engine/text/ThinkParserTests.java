package dev.ponder.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.text.ThinkParser.Part;
import dev.ponder.engine.text.ThinkParser.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkParserTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "'I count.</think>\n\nAnswer: 13' | 'I count.' | '\n\nAnswer: 13' | true",
        "'<think>I count.</think>13' | 'I count.' | '13' | true",
        "'I count' | 'I count' | '' | false",
        "'' | '' | '' | false",
        "'</think>13' | '' | '13' | true",
        "'<think></think>' | '' | '' | true",
        "'a < b </ c </thin' | 'a < b </ c </thin' | '' | false",
        "'<thin' | '<thin' | '' | false",
        "'<<</think>x' | '<<' | 'x' | true",
        "'</</think>x' | '</' | 'x' | true",
        "'</think</think>x' | '</think' | 'x' | true",
        "'a</think>b</think>c' | 'a' | 'b</think>c' | true",
        "'a<think>b</think>c' | 'a<think>b' | 'c' | true",
        "'</THINK>x' | '</THINK>x' | '' | false",
        "'a < /think> b</think>c' | 'a < /think> b' | 'c' | true",
        "'a </ think> b</think>c' | 'a </ think> b' | 'c' | true",
        "'[THINK]a[/THINK]b' | '[THINK]a[/THINK]b' | '' | false",
      })
  void splitsATranscriptAtTheFirstClosingTag(
      String transcript, String thinking, String conclusion, boolean closed) {
    Split split = ThinkParser.split(transcript);

    assertThat(split).isEqualTo(new Split(thinking, conclusion, closed));
  }

  @Test
  void readsTheSameWhereverTheStreamIsCut() {
    long seed = System.nanoTime();
    System.out.println("ThinkParserTests: seed " + seed);
    RandomGenerator random = new SplittableRandom(seed);
    for (int round = 0; round < 2_000; round++) {
      String transcript = transcript(random);
      Split whole = ThinkParser.split(transcript);

      Split cut = readInPieces(transcript, random);

      assertThat(cut).as("seed %d, transcript '%s'", seed, transcript).isEqualTo(whole);
    }
  }

  @Test
  void givesOutEachCharacterOfAStreamThatComesOneByOne() {
    ThinkParser parser = new ThinkParser();
    List<String> thinking = new ArrayList<>();

    for (char c : "a<b</think>c".toCharArray()) {
      thinking.add(parser.accept(String.valueOf(c)).thinking());
    }

    assertThat(thinking).containsExactly("a", "", "<b", "", "", "", "", "", "", "", "", "");
    assertThat(parser.thinking()).isEqualTo("a<b");
    assertThat(parser.conclusion()).isEqualTo("c");
    assertThat(parser.thinkingClosed()).isTrue();
  }

  @Test
  void holdsBackNoMoreThanATag() {
    ThinkParser parser = new ThinkParser();

    Part part = parser.accept("x".repeat(100_000) + "</think");

    assertThat(part.thinking()).hasSize(100_000);
    assertThat(parser.finish().thinking()).isEqualTo("</think");
  }

  private static Split readInPieces(String transcript, RandomGenerator random) {
    ThinkParser parser = new ThinkParser();
    StringBuilder thinking = new StringBuilder();
    StringBuilder conclusion = new StringBuilder();
    int at = 0;
    while (at < transcript.length()) {
      int to = Math.min(transcript.length(), at + random.nextInt(6));
      keep(parser.accept(transcript.substring(at, to)), thinking, conclusion);
      at = to;
    }
    keep(parser.finish(), thinking, conclusion);
    assertThat(parser.thinking()).isEqualTo(thinking.toString());
    assertThat(parser.conclusion()).isEqualTo(conclusion.toString());
    return new Split(parser.thinking(), parser.conclusion(), parser.thinkingClosed());
  }

  private static void keep(Part part, StringBuilder thinking, StringBuilder conclusion) {
    thinking.append(part.thinking());
    conclusion.append(part.conclusion());
  }

  /// Text made of what confuses a parser: whole tags, halves of tags, and characters between them.
  private static String transcript(RandomGenerator random) {
    String[] parts = {
      "<think>", "</think>", "<", "</", "think>", "</thi", "a", "😀", "\n", "word "
    };
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(8);
    for (int i = 0; i < length; i++) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }
}
