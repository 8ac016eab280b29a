package dev.ponder.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextLimitTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      quoteCharacter = '^',
      value = {
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens|4096",
        "The context of the model is 4096 tokens and you asked for 9000.|4096",
        "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it|4096",
        "The input (9000 tokens) is longer than the model's context length (4096 tokens).|4096",
        "Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens|4096",
        "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1000 `inputs` tokens and 4000 `max_new_tokens`|4096",
        "prompt is too long: 210000 tokens > 200000 maximum|200000",
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length|32768",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).|1048576",
        "Requested tokens (9000) exceed context window of 4096|4096",
        "maximum context length is 131,072 tokens|131072",
        "context window is limited to 32k tokens|32768",
        "n_ctx = 4096|4096",
        "'max_tokens' is too large: 4000. This model's maximum context length is 4096 tokens and your request has 1000 input tokens|4096",
        "the request exceeds the available context size. try increasing it|none",
        "context size exceeded: 9000 tokens|none",
        "no text of 4096 words|none",
        "the context has 8 tokens|none"
      })
  void findsWhatTheModelHolds(String message, Integer tokens) {
    assertThat(ContextLimit.in(message)).isEqualTo(tokens);
  }
}
