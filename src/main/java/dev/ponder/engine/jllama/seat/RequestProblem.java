package dev.ponder.engine.jllama.seat;

import java.util.Map;

/// A request that a seat refuses, as llama-server words it: status, type, sentence, extra numbers.
final class RequestProblem extends RuntimeException {
  private final int status;
  private final String type;
  private final Map<String, Integer> numbers;

  RequestProblem(int status, String type, String message, Map<String, Integer> numbers) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.numbers = numbers;
  }

  static RequestProblem invalid(String message) {
    return new RequestProblem(400, "invalid_request_error", message, Map.of());
  }

  static RequestProblem tooLong(int promptTokens, int contextTokens) {
    return new RequestProblem(
        400,
        "exceed_context_size_error",
        ("The prompt has %,d tokens and the context holds %,d, one of them for the answer."
                + " Shorten the prompt, or take a model with a longer context.")
            .formatted(promptTokens, contextTokens),
        Map.of("n_prompt_tokens", promptTokens, "n_ctx", contextTokens));
  }

  static RequestProblem busy(int waiting) {
    return new RequestProblem(
        503,
        "unavailable_error",
        "All sequences are busy and %d requests wait for one, which is the limit. Try again later."
            .formatted(waiting),
        Map.of());
  }

  static RequestProblem loading() {
    return new RequestProblem(503, "unavailable_error", "Loading model", Map.of());
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  Map<String, Integer> numbers() {
    return numbers;
  }
}
