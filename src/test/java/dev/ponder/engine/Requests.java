package dev.ponder.engine;

import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Requests as tests make them: five minutes of time, one line of thought.
public final class Requests {

  private static final Sampling GREEDY = new Sampling(0, 1, 0, 0, 0, 1);
  private static final Sampling SAMPLED = new Sampling(0.8, 0.95, 20, 0, 0, 1);

  private static final Sampling COOL = new Sampling(0.3, 0.95, 20, 0, 0, 1);

  private final Supplier<Conversation> conversation;

  Requests(Supplier<Conversation> conversation) {
    this.conversation = conversation;
  }

  public static Requests asking(String user) {
    return new Requests(() -> new Conversation(null, user));
  }

  public GenerationRequest greedy(int maxTokens) {
    return request(conversation.get(), GREEDY, 1, maxTokens);
  }

  GenerationRequest sampled(long seed, int maxTokens) {
    return request(conversation.get(), SAMPLED, seed, maxTokens);
  }

  /// Sampled so coolly that hardly a choice is left to chance.
  GenerationRequest cool(long seed, int maxTokens) {
    return request(conversation.get(), COOL, seed, maxTokens);
  }

  GenerationRequest saying(String user, int maxTokens) {
    return request(new Conversation(conversation.get().system(), user), GREEDY, 1, maxTokens);
  }

  public GenerationRequest until(Duration time, int maxTokens) {
    return request(conversation.get(), GREEDY, 1, maxTokens, time);
  }

  private static GenerationRequest request(
      Conversation conversation, Sampling sampling, long seed, int maxTokens) {
    return request(conversation, sampling, seed, maxTokens, Duration.ofMinutes(5));
  }

  private static GenerationRequest request(
      Conversation conversation, Sampling sampling, long seed, int maxTokens, Duration time) {
    Deadline deadline = Deadline.in(time, InstantSource.system());
    return new GenerationRequest(
        conversation, Written.NOTHING, sampling, seed, maxTokens, deadline, "test/0");
  }
}
