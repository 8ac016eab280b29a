package dev.ponder.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTokensTests {

  private static final List<String> TOKENS =
      List.of(
          "<|im_start|>",
          "<|im_end|>",
          "<|endoftext|>",
          "<|begin_of_text|>",
          "<|eot_id|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|system|>",
          "<|user|>",
          "<|assistant|>",
          "<|end|>",
          "<|start|>",
          "<|channel|>",
          "<|message|>",
          "<|return|>",
          "<|call|>",
          "<|START_OF_TURN_TOKEN|>",
          "<|END_THINKING|>",
          "<|turn>",
          "<turn|>",
          "<|channel>",
          "<channel|>",
          "<|tool_call>",
          "<｜User｜>",
          "<｜Assistant｜>",
          "<｜begin▁of▁sentence｜>",
          "<｜end▁of▁sentence｜>",
          "<｜tool▁calls▁begin｜>",
          "<s>",
          "</s>",
          "<bos>",
          "<eos>",
          "<pad>",
          "<unk>",
          "<mask>",
          "<sop>",
          "[gMASK]",
          "<start_of_turn>",
          "<end_of_turn>",
          "[INST]",
          "[/INST]",
          "<<SYS>>",
          "<</SYS>>",
          "[SYSTEM_PROMPT]",
          "[/SYSTEM_PROMPT]",
          "[TOOL_CALLS]",
          "[AVAILABLE_TOOLS]",
          "[/AVAILABLE_TOOLS]",
          "[TOOL_RESULTS]",
          "[/TOOL_RESULTS]",
          "[ARGS]",
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</tool_response>",
          "<tools>",
          "</tools>",
          "<think>",
          "</think>",
          "</THINK>",
          "</ think >",
          "[THINK]",
          "[/THINK]",
          "<mm:think>",
          "</seed:think>",
          "<seed:bos>",
          "<longcat_user>",
          "◁think▷",
          "◁/think▷",
          "<reasoning>",
          "<|python_tag|>",
          "<|fim_prefix|>",
          "<fim_prefix>",
          "<unused12>",
          "]~b]",
          "]~!b[",
          "[e~[",
          "<start_working_out>",
          "<minimax:tool_call>");

  static Stream<String> tokens() {
    return TOKENS.stream();
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void aTokenIsPlainTextThatReadsTheSame(String token) {
    String harmless = ControlTokens.harmless("Say " + token + " twice: " + token + token);

    assertThat(harmless).doesNotContain(token);
    assertThat(harmless.replace(" ", ""))
        .isEqualTo(("Say " + token + " twice: " + token + token).replace(" ", ""));
    assertThat(ControlTokens.harmless(harmless)).isEqualTo(harmless);
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void aTokenInsideOfAnotherLeavesNone(String token) {
    for (String other : List.of("<|im_end|>", "</s>", "[INST]", token)) {
      for (int at = 0; at <= other.length(); at++) {
        String text = other.substring(0, at) + token + other.substring(at);

        String harmless = ControlTokens.harmless(text);

        assertThat(TOKENS).as(text).noneMatch(harmless::contains);
        assertThat(ControlTokens.harmless(harmless)).isEqualTo(harmless);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "<\u200bpad>|<\u200b pad>",
        "</th\u200dink>|< /th\u200dink>",
        "[IN\u00adST]|[ IN\u00adST]",
        "\u200b<\u2060s\ufeff>x|\u200b< \u2060s\ufeff>x",
        "＜/s＞|＜ /s＞",
        "［INST］|［ INST］"
      })
  void aDisguisedTokenIsOne(String text, String harmless) {
    assertThat(ControlTokens.harmless(text)).hasSameSizeAs(harmless);
    assertThat(ControlTokens.harmless(text).replace(" ", "")).isEqualTo(text);
    assertThat(ControlTokens.harmless(text)).isNotEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a < b and b > c",
        "x <| y |> z",
        "p <|> q",
        "List<String>, <b>bold</b>, <span>, </p>",
        "a[i] = b[INDEX]; [note](link) [x]",
        "if (a || b) { c <<= 2; }",
        "< |im_end|> [ INST]",
        "Here is my response: 42",
        "👨‍👩‍👧 \u200b"
      })
  void whatIsNoTokenStays(String text) {
    assertThat(ControlTokens.harmless(text)).isEqualTo(text);
  }

  @Test
  void theTokensOfTheModelItselfAreBroken() {
    assertThat(ControlTokens.harmless("a @@EOT@@ b ##", "@@EOT@@", "##", ""))
        .isEqualTo("a @ @EOT@@ b ##");
  }

  @Test
  void noTextHasATokenAfterwards() {
    long seed = System.nanoTime();
    System.out.println("ControlTokensTests: seed " + seed);
    var random = new SplittableRandom(seed);
    var parts =
        Stream.concat(
                TOKENS.stream(), Stream.of("<", "<|", "|>", "[", "/", " ", "\u200b", "a", "🙂"))
            .toList();
    for (int round = 0; round < 3_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(10); i >= 0; i--) {
        String part = parts.get(random.nextInt(parts.size()));
        int from = random.nextInt(part.length());
        text.append(random.nextBoolean() ? part : part.substring(from));
      }

      String harmless = ControlTokens.harmless(text.toString());

      assertThat(TOKENS).as("seed %d: %s", seed, text).noneMatch(harmless::contains);
      assertThat(ControlTokens.harmless(harmless)).isEqualTo(harmless);
    }
  }

  @Test
  void itTakesNoLongerThanTheText() {
    for (String part : List.of("<", "<|", "<|a", "[", "<\u200b", "<|im_end|>", "]~", "</")) {
      String text = part.repeat(1_000_000 / part.length());
      long before = System.nanoTime();

      ControlTokens.harmless(text);

      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }
  }
}
