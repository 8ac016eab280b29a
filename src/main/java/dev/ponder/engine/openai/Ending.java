package dev.ponder.engine.openai;

import java.util.Locale;
import java.util.Set;

/// What a `finish_reason` means. Servers have words of their own, so one that nobody knows is an
/// end like any other.
enum Ending {
  /// The model ended its turn.
  TURN,
  /// As many tokens were written as were asked for, or as there was room for.
  LENGTH,
  /// The context is full.
  CONTEXT,
  /// The server kept back the rest, or wants a tool to be called.
  WITHHELD,
  /// The server gave up.
  ABORTED;

  private static final Set<String> LENGTHS =
      Set.of("length", "max_tokens", "max_output_tokens", "max_new_tokens", "max_length", "limit");
  private static final Set<String> CONTEXTS =
      Set.of(
          "model_length",
          "context_length",
          "context_length_exceeded",
          "context_full",
          "model_context_window_exceeded",
          "truncated");
  private static final Set<String> FILTERS =
      Set.of(
          "content_filter",
          "content_filtered",
          "content-filter",
          "filter",
          "safety",
          "image_safety",
          "refusal",
          "recitation",
          "blocklist",
          "prohibited_content",
          "spii",
          "sensitive",
          "guardrail_intervened",
          "error_toxic",
          "tool_calls",
          "tool_call",
          "tool-calls",
          "tool_use",
          "function_call",
          "malformed_function_call",
          "unexpected_tool_call");
  private static final Set<String> ABORTS = Set.of("abort", "aborted", "error", "error_limit");

  static Ending of(String reason) {
    String word = reason.toLowerCase(Locale.ROOT);
    if (LENGTHS.contains(word)) {
      return LENGTH;
    }
    if (CONTEXTS.contains(word)) {
      return CONTEXT;
    }
    return FILTERS.contains(word) ? WITHHELD : ABORTS.contains(word) ? ABORTED : TURN;
  }
}
