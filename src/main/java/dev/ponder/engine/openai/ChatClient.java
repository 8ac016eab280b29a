package dev.ponder.engine.openai;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.ponder.engine.ApiKey;
import dev.ponder.engine.ControlTokens;
import dev.ponder.engine.EventBytes;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chats with a server through the library. The library writes requests and reads events; the
/// connection is ours, so that an answer is read when its reader asks for more, ends when it is
/// closed, and fails in words of ours.
final class ChatClient {

  /// What a request that is being made waits for. The library passes on neither a deadline nor the
  /// events of one request.
  private static final ScopedValue<Opening> OPENING = ScopedValue.newInstance();

  private static final int SEED_MASK = 0x7FFF_FFFF;

  private final ServerCalls calls;
  private final OpenAiModel model;
  private final OpenAiStreamingChatModel chat;

  ChatClient(ServerCalls calls, OpenAiModel model) {
    this.calls = calls;
    this.model = model;
    ApiKey key = model.key();
    this.chat =
        OpenAiStreamingChatModel.builder()
            .httpClientBuilder(new OwnConnections())
            .baseUrl(calls.base().toString())
            .apiKey(key == null ? null : key.text())
            .modelName(model.servedAs())
            .returnThinking(true)
            .sendThinking(true)
            .build();
  }

  /// An answer that has begun.
  ///
  /// @param listener the library's reader of events
  /// @param answer what it makes of them
  record Begun(EventBytes events, ServerSentEventListener listener, ChatAnswer answer) {}

  /// @param limit for the answer to begin
  /// @throws dev.ponder.engine.EngineException if it does not
  Begun begin(GenerationRequest request, Continuation continuation, Duration limit) {
    ChatAnswer answer = new ChatAnswer();
    Opening opening = new Opening(limit);
    ChatRequest asked = asked(request, continuation);
    ScopedValue.where(OPENING, opening).run(() -> chat.chat(asked, answer));
    return opening.begun(answer);
  }

  private static ChatRequest asked(GenerationRequest request, Continuation continuation) {
    Sampling sampling = request.sampling();
    return ChatRequest.builder()
        .messages(messages(request, continuation))
        .parameters(
            OpenAiChatRequestParameters.builder()
                .temperature(sampling.temperature())
                .topP(sampling.topP())
                .presencePenalty(
                    sampling.presencePenalty() == 0 ? null : sampling.presencePenalty())
                .maxOutputTokens(request.maxTokens())
                .seed(seed(request.seed()))
                .customParameters(custom(request, continuation))
                .build())
        .build();
  }

  private static List<ChatMessage> messages(GenerationRequest request, Continuation continuation) {
    List<ChatMessage> messages = new ArrayList<>();
    String system = request.conversation().system();
    if (system != null) {
      messages.add(SystemMessage.from(ControlTokens.harmless(system)));
    }
    // The library refuses an empty message.
    String user = ControlTokens.harmless(request.conversation().user());
    messages.add(UserMessage.from(user.isEmpty() ? " " : user));
    String written = request.written().text();
    if (!written.isEmpty()) {
      messages.add(lastMessage(written, continuation));
    }
    return messages;
  }

  private static AiMessage lastMessage(String written, Continuation continuation) {
    return switch (continuation) {
      case REASONING -> AiMessage.builder().text("").thinking(written).build();
      case FINAL_MESSAGE -> AiMessage.from(written);
      case FINAL_MESSAGE_TAGGED ->
          AiMessage.from(written.startsWith("<think>") ? written : "<think>\n" + written);
      case AUTO, NONE -> throw new IllegalStateException("no way to continue: " + continuation);
    };
  }

  /// What the protocol has no word for and these servers have: only where it is not off, because
  /// some take nothing that they do not know. The penalty has two names.
  private static Map<String, Object> custom(GenerationRequest request, Continuation continuation) {
    Sampling sampling = request.sampling();
    Map<String, Object> custom = new LinkedHashMap<>();
    if (sampling.topK() > 0) {
      custom.put("top_k", sampling.topK());
    }
    if (sampling.minP() > 0) {
      custom.put("min_p", sampling.minP());
    }
    if (sampling.repeatPenalty() != 1) {
      custom.put("repetition_penalty", sampling.repeatPenalty());
      custom.put("repeat_penalty", sampling.repeatPenalty());
    }
    boolean goesOn = !request.written().text().isEmpty();
    if (goesOn && continuation != Continuation.REASONING) {
      custom.put("continue_final_message", true);
      custom.put("add_generation_prompt", false);
    }
    return custom;
  }

  /// Seeds of these servers have 31 bits at least.
  private static int seed(long seed) {
    return (int) (seed ^ (seed >>> 32)) & SEED_MASK;
  }

  /// A request on its way to an answer.
  private static final class Opening {
    private final Duration limit;
    private @Nullable EventBytes events;
    private @Nullable ServerSentEventListener listener;

    private Opening(Duration limit) {
      this.limit = limit;
    }

    private Begun begun(ChatAnswer answer) {
      EventBytes bytes = events;
      ServerSentEventListener reader = listener;
      if (bytes == null || reader == null) {
        throw new IllegalStateException("The library has made no request", answer.failure());
      }
      return new Begun(bytes, reader, answer);
    }
  }

  /// What the library takes for its HTTP client: connects, and leaves the reading to us.
  private final class OwnConnections implements HttpClientBuilder, HttpClient {
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;

    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      Opening opening = OPENING.get();
      opening.events =
          calls.stream(URI.create(request.url()), request.headers(), request.body(), opening.limit);
      opening.listener = listener;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
      throw new UnsupportedOperationException(
          "Only streams can be cancelled; model %s is asked for nothing else"
              .formatted(model.name()));
    }

    @Override
    public HttpClient build() {
      return this;
    }

    @Override
    public @Nullable Duration connectTimeout() {
      return connectTimeout;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      connectTimeout = timeout;
      return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
      return readTimeout;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      readTimeout = timeout;
      return this;
    }
  }
}
