package dev.ponder.engine.openai;

import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.http.EventStream;
import dev.ponder.engine.http.ServerJson;
import dev.ponder.engine.text.ControlTokens;
import java.time.Duration;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes requests for chat completions, and opens their answers. It always asks for a stream: only
/// a stream can be cancelled.
final class ChatClient {

  static final String PATH = "chat/completions";

  private static final int SEED_MASK = 0x7FFF_FFFF;

  private final ServerCalls calls;
  private final OpenAiModel model;

  ChatClient(ServerCalls calls, OpenAiModel model) {
    this.calls = calls;
    this.model = model;
  }

  /// The events of an answer that has begun.
  ///
  /// @param limit for the answer to begin
  /// @throws dev.ponder.engine.EngineException if it does not
  EventStream begin(GenerationRequest request, ServerBehaviour manners, Duration limit) {
    return calls.stream(PATH, body(request, manners).toString(), limit);
  }

  private ObjectNode body(GenerationRequest request, ServerBehaviour manners) {
    Sampling sampling = request.sampling();
    ObjectNode body = ServerJson.MAPPER.createObjectNode();
    body.put("model", model.servedAs());
    messages(body.putArray("messages"), request, manners);
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    body.put("max_tokens", request.maxTokens());
    body.put("temperature", sampling.temperature());
    body.put("top_p", sampling.topP());
    body.put("seed", seed(request.seed()));
    if (sampling.presencePenalty() != 0) {
      body.put("presence_penalty", sampling.presencePenalty());
    }
    more(body, sampling);
    if (!request.written().text().isEmpty() && manners.continuation() != Continuation.REASONING) {
      body.put("continue_final_message", true);
      body.put("add_generation_prompt", false);
    }
    return body;
  }

  /// What the protocol has no word for and these servers have: only where it is not off, because
  /// some take nothing that they do not know. The penalty has two names.
  private static void more(ObjectNode body, Sampling sampling) {
    if (sampling.topK() > 0) {
      body.put("top_k", sampling.topK());
    }
    if (sampling.minP() > 0) {
      body.put("min_p", sampling.minP());
    }
    if (sampling.repeatPenalty() != 1) {
      body.put("repetition_penalty", sampling.repeatPenalty());
      body.put("repeat_penalty", sampling.repeatPenalty());
    }
  }

  private static void messages(
      ArrayNode messages, GenerationRequest request, ServerBehaviour manners) {
    String system = request.conversation().system();
    if (system != null) {
      message(messages, "system", ControlTokens.harmless(system));
    }
    // Some servers refuse an empty message.
    String user = ControlTokens.harmless(request.conversation().user());
    message(messages, "user", user.isEmpty() ? " " : user);
    String written = request.written().text();
    if (!written.isEmpty()) {
      begun(messages, written, manners);
    }
  }

  private static void begun(ArrayNode messages, String written, ServerBehaviour manners) {
    switch (manners.continuation()) {
      case REASONING -> message(messages, "assistant", "").put("reasoning_content", written);
      case FINAL_MESSAGE ->
          message(messages, "assistant", manners.tags().inOwnWords(written, true));
      case FINAL_MESSAGE_TAGGED ->
          message(messages, "assistant", manners.tags().inOwnWords(written, false));
      case AUTO, NONE ->
          throw new IllegalStateException("no way to continue: " + manners.continuation());
    }
  }

  private static ObjectNode message(ArrayNode messages, String role, String content) {
    return messages.addObject().put("role", role).put("content", content);
  }

  /// Seeds of these servers have 31 bits at least.
  private static int seed(long seed) {
    return (int) (seed ^ (seed >>> 32)) & SEED_MASK;
  }
}
