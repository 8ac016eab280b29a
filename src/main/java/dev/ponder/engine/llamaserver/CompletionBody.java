package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// A completion request in llama-server's words. It always streams: only a stream can be cancelled.
final class CompletionBody {
  private static final Sampling GREEDY = new Sampling(0, 1, 0, 0, 0, 1);
  private static final long RANDOM_SEED = 0xFFFF_FFFFL;

  private CompletionBody() {}

  /// @param slot that it runs in, or [ServerSlots#ANY]
  static Consumer<JsonGenerator> of(
      GenerationRequest request, String prompt, boolean ids, int slot) {
    return json -> {
      json.writeStringProperty("prompt", prompt);
      slot(json, slot);
      progress(json);
      rest(json, request, ids);
    };
  }

  /// The same from ids.
  static Consumer<JsonGenerator> of(GenerationRequest request, int[] prompt, int slot) {
    return json -> {
      json.writeName("prompt");
      json.writeArray(prompt, 0, prompt.length);
      slot(json, slot);
      progress(json);
      rest(json, request, true);
    };
  }

  static Consumer<JsonGenerator> of(GenerationRequest request, ServerProps props) {
    return json -> {
      messages(json, request.conversation(), props);
      json.writeStringProperty("written", request.written().text());
      rest(json, request, false);
    };
  }

  /// Continues a prompt greedily.
  static Consumer<JsonGenerator> of(int[] prompt, int slot, int maxTokens) {
    return json -> {
      json.writeName("prompt");
      json.writeArray(prompt, 0, prompt.length);
      slot(json, slot);
      progress(json);
      rest(json, GREEDY, 0, maxTokens, true);
    };
  }

  /// The server also says how far it is with the prompt, and begins with how much of it was there.
  private static void progress(JsonGenerator json) {
    json.writeBooleanProperty("return_progress", true);
  }

  private static void slot(JsonGenerator json, int slot) {
    if (slot != ServerSlots.ANY) {
      json.writeNumberProperty("id_slot", slot);
    }
  }

  static void messages(JsonGenerator json, Conversation conversation, ServerProps props) {
    json.writeName("messages");
    json.writeStartArray();
    String system = conversation.system();
    if (system != null) {
      message(json, "system", props.harmless(system));
    }
    message(json, "user", props.harmless(conversation.user()));
    json.writeEndArray();
  }

  private static void message(JsonGenerator json, String role, String content) {
    json.writeStartObject();
    json.writeStringProperty("role", role);
    json.writeStringProperty("content", content);
    json.writeEndObject();
  }

  private static void rest(JsonGenerator json, GenerationRequest request, boolean ids) {
    rest(json, request.sampling(), request.seed(), request.maxTokens(), ids);
  }

  private static void rest(
      JsonGenerator json, Sampling sampling, long seed, int maxTokens, boolean ids) {
    json.writeBooleanProperty("stream", true);
    json.writeBooleanProperty("cache_prompt", true);
    json.writeBooleanProperty("return_tokens", ids);
    json.writeNumberProperty("n_predict", maxTokens);
    json.writeNumberProperty("temperature", sampling.temperature());
    json.writeNumberProperty("top_k", sampling.topK());
    json.writeNumberProperty("top_p", sampling.topP());
    json.writeNumberProperty("min_p", sampling.minP());
    json.writeNumberProperty("presence_penalty", sampling.presencePenalty());
    json.writeNumberProperty("repeat_penalty", sampling.repeatPenalty());
    json.writeNumberProperty("seed", seed(seed));
  }

  /// Seeds of the protocol have 32 bits, and the largest one means "random".
  static long seed(long seed) {
    long folded = (seed ^ (seed >>> 32)) & 0xFFFF_FFFFL;
    return folded == RANDOM_SEED ? RANDOM_SEED - 1 : folded;
  }
}
