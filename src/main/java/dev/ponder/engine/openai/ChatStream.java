package dev.ponder.engine.openai;

import dev.langchain4j.http.client.sse.CancellationUnsupportedHandle;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.ponder.engine.AnswerStream;
import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EventBytes;
import dev.ponder.engine.Piece;
import dev.ponder.engine.ServerHttp;
import dev.ponder.engine.StopReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One answer that is being read. The protocol counts tokens once, at the end: until then an event
/// is taken for one token, or a few if it is long, and what was missed is told at the end by pieces
/// without text.
final class ChatStream extends AnswerStream {

  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";

  /// Hardly any token is longer, so this never counts too many.
  private static final int CHARACTERS_MAX = 16;

  /// Tokens that one piece without text tells of at most; a chunk of the journal has room for it.
  private static final int UNTOLD_MAX = 16;

  private final ServerCalls calls;
  private final ChatClient.Begun begun;
  private final Transcript transcript;
  private final Facts facts;
  private final Consumer<ChatStream> whenOver;

  private int characters;
  private int untold;
  private OptionalInt usage = OptionalInt.empty();

  /// What the stream cannot see.
  ///
  /// @param promptTokens estimate, for a server that does not count
  /// @param contextTokens that a sequence holds
  /// @param silence that is borne
  record Facts(int promptTokens, int contextTokens, Duration silence) {}

  ChatStream(
      ServerCalls calls,
      ChatClient.Begun begun,
      Transcript transcript,
      Facts facts,
      Consumer<ChatStream> whenOver) {
    super(begun.events());
    this.calls = calls;
    this.begun = begun;
    this.transcript = transcript;
    this.facts = facts;
    this.whenOver = whenOver;
  }

  @Override
  protected @Nullable Piece read(EventBytes events) throws IOException, InterruptedException {
    String data = data(events);
    if (data == null || data.equals(DONE)) {
      ends(completed());
      return null;
    }
    return piece(data);
  }

  /// The data of the next event, null at the end of the stream. Everything else is left out: these
  /// servers write each event as one line.
  private @Nullable String data(EventBytes events) throws IOException, InterruptedException {
    int length;
    while ((length = events.next(facts.silence().toMillis())) >= 0) {
      String line = new String(events.line(), 0, length, StandardCharsets.UTF_8).strip();
      if (line.startsWith(DATA)) {
        return line.substring(DATA.length()).strip();
      }
      // llama-server names an error by its field.
      if (line.startsWith("error:")) {
        return "{\"error\":%s}".formatted(line.substring("error:".length()));
      }
    }
    return null;
  }

  private @Nullable Piece piece(String data) throws IOException {
    ChatAnswer answer = begun.answer();
    answer.forget();
    PassingEvent event = new PassingEvent(data);
    begun
        .listener()
        .onEvent(event, new ServerSentEventContext(new CancellationUnsupportedHandle()));
    event.pass();
    ServerError error = answer.error();
    if (error != null) {
      end();
      throw calls.translate("chat/completions", error.code(), error.message(), null);
    }
    Throwable failure = answer.failure();
    if (failure != null) {
      throw new IOException("an event could not be understood", failure);
    }
    String text = transcript.text(answer.thinking(), answer.content());
    if (text.isEmpty()) {
      return null;
    }
    int tokens = Math.max(1, text.length() / CHARACTERS_MAX);
    count(tokens);
    characters += text.length();
    return new Piece(text, tokens);
  }

  private Completion completed() throws IOException {
    begun.listener().onClose();
    ChatResponse response = begun.answer().whole();
    FinishReason reason = response == null ? null : response.metadata().finishReason();
    if (reason == null) {
      throw new IOException("the stream ended without a finish_reason");
    }
    TokenUsage told = response.metadata().tokenUsage();
    Integer prompt = told == null ? null : told.inputTokenCount();
    Integer output = told == null ? null : told.outputTokenCount();
    usage = output == null ? OptionalInt.empty() : OptionalInt.of(output);
    int promptTokens = prompt == null ? facts.promptTokens() : prompt;
    untold = output == null ? 0 : Math.max(0, output - counted());
    int written = counted() + untold;
    int cached = told instanceof OpenAiTokenUsage open ? cached(open) : 0;
    return new Completion(
        stopReason(reason, promptTokens + written),
        new dev.ponder.budget.TokenUsage(
            promptTokens, Math.clamp(cached, 0, promptTokens), written),
        prefill(),
        decoding());
  }

  private static int cached(OpenAiTokenUsage usage) {
    OpenAiTokenUsage.InputTokensDetails details = usage.inputTokensDetails();
    Integer cached = details == null ? null : details.cachedTokens();
    return cached == null ? 0 : cached;
  }

  private StopReason stopReason(FinishReason reason, int tokens) {
    if (reason != FinishReason.LENGTH) {
      return StopReason.END_OF_TURN;
    }
    return tokens >= facts.contextTokens() ? StopReason.CONTEXT_FULL : StopReason.LIMIT;
  }

  /// Text that waited for more, then tokens that the server has counted and no piece has told of.
  @Override
  protected @Nullable Piece rest(EventBytes events, Completion how) {
    String waited = transcript.end();
    if (!waited.isEmpty()) {
      return new Piece(waited, 0);
    }
    if (untold == 0) {
      return over(how);
    }
    int tokens = Math.min(untold, UNTOLD_MAX);
    untold -= tokens;
    countLate(tokens);
    return new Piece("", tokens);
  }

  @Override
  protected dev.ponder.budget.TokenUsage usageSoFar() {
    return new dev.ponder.budget.TokenUsage(facts.promptTokens(), 0, counted());
  }

  @Override
  protected EngineException.Unavailable brokenOff(Exception cause) {
    return calls.unavailable(
        "broke off after about %,d tokens: %s. What came so far is valid"
            .formatted(counted(), ServerHttp.reason(cause)),
        cause);
  }

  @Override
  protected void ended() {
    whenOver.accept(this);
  }

  /// Characters that have come.
  int characters() {
    return characters;
  }

  /// Tokens of them, if the server has counted.
  OptionalInt usage() {
    return usage;
  }

  /// Whether the server tells reasoning from content.
  boolean split() {
    return transcript.split();
  }

  /// The library keeps every event until the answer is over. Of this one it keeps no text, which
  /// would be many times that of the thought.
  private static final class PassingEvent extends ServerSentEvent {
    private @Nullable String text;

    private PassingEvent(String text) {
      super(null, null);
      this.text = text;
    }

    @Override
    public String data() {
      String now = text;
      return now == null ? "" : now;
    }

    private void pass() {
      text = null;
    }
  }
}
