package dev.ponder.engine.openai;

import dev.ponder.budget.TokenUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tokens of an answer: as the server counted them, and by our own estimate where it did not,
/// or where its count cannot be true.
///
/// @param written by the server's count; negative where there is none to be believed
/// @param untrue what the server counted and cannot have; empty if nothing
record Counts(int prompt, int cached, int written, boolean promptEstimated, String untrue) {

  /// Tokens that print nothing: those of tags and of the end of a turn, and blank lines that were
  /// left out.
  private static final int SILENT_MAX = 64;

  /// A template may put instructions of its own before a prompt.
  private static final int TEMPLATE_MAX = 16_384;

  /// What is known without the server.
  ///
  /// @param prompt an estimate of its tokens
  /// @param promptBytes of its text; a token has one at least
  /// @param textBytes of all that came
  /// @param most tokens that were asked for
  record Known(int prompt, long promptBytes, long textBytes, int most) {}

  static Counts of(@Nullable JsonNode usage, Known known) {
    if (usage == null) {
      return new Counts(known.prompt(), 0, -1, true, "");
    }
    long prompt = number(usage, "prompt_tokens", "input_tokens");
    long written = number(usage, "completion_tokens", "output_tokens");
    long hidden = number(usage.path("completion_tokens_details"), "reasoning_tokens");
    long cached =
        Math.max(
            number(usage.path("prompt_tokens_details"), "cached_tokens"),
            number(usage, "prompt_cache_hit_tokens", "cached_tokens"));
    long most = known.textBytes() + SILENT_MAX + Math.max(0, hidden);
    boolean counts = written >= 0 && written <= Math.min(most, (long) known.most() + SILENT_MAX);
    boolean counted = counts && (written > 0 || known.textBytes() == 0);
    boolean promptCounted = prompt > 0 && prompt <= known.promptBytes() + TEMPLATE_MAX;
    StringBuilder untrue = new StringBuilder();
    told(untrue, "completion_tokens", written, counted);
    told(untrue, "prompt_tokens", prompt, promptCounted);
    int promptTokens = promptCounted ? (int) prompt : known.prompt();
    return new Counts(
        promptTokens,
        (int) Math.clamp(cached, 0, promptTokens),
        counted ? (int) written : -1,
        !promptCounted,
        untrue.toString());
  }

  private static void told(StringBuilder untrue, String name, long count, boolean believed) {
    if (!believed && count != UNSAID) {
      untrue.append(untrue.isEmpty() ? "" : ", ").append(name).append(' ').append(count);
    }
  }

  private static final long UNSAID = Long.MIN_VALUE;

  /// The first of these that is a number, however it is written.
  private static long number(JsonNode node, String... names) {
    for (String name : names) {
      JsonNode value = node.path(name);
      if (value.isNumber() || value.isString()) {
        double number = value.asDouble(Double.NaN);
        if (!Double.isNaN(number)) {
          return (long) number;
        }
      }
    }
    return UNSAID;
  }

  TokenUsage usage(int tokens) {
    return new TokenUsage(prompt, cached, tokens);
  }
}
