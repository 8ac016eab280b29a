package dev.ponder.engine;

import dev.ponder.time.Deadline;

/// One request to continue a conversation.
///
/// @param conversation what is asked
/// @param written what the assistant has already written of its answer
/// @param sampling how tokens are chosen
/// @param seed of the sampler; any value
/// @param maxTokens tokens to write at most, at least 1; an engine shortens it to what its context
///     still holds
/// @param deadline when the caller needs it to be over; waiting and retries keep to it
/// @param affinity requests with the same affinity continue each other (one branch of one job), so
///     an engine that keeps evaluated prefixes serves them from the same sequence
public record GenerationRequest(
    Conversation conversation,
    Written written,
    Sampling sampling,
    long seed,
    int maxTokens,
    Deadline deadline,
    String affinity) {

  public GenerationRequest {
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "maxTokens is %d and has to be at least 1".formatted(maxTokens));
    }
  }

  /// Whether a line of thought is the one named or one of those it names: `7f3a/2` belongs to
  /// itself and to `7f3a`.
  public static boolean belongs(String affinity, String named) {
    return affinity.equals(named) || affinity.startsWith(named + "/");
  }

  /// The same request with more text written and another limit.
  public GenerationRequest continuing(Written more, int tokens) {
    return new GenerationRequest(conversation, more, sampling, seed, tokens, deadline, affinity);
  }
}
