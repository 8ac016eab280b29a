package dev.ponder.engine.llamaserver;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.AnswerStream;
import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.Piece;
import dev.ponder.engine.QuotedException;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.http.EventStream;
import dev.ponder.engine.http.ServerHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One completion that is being read.
final class ServerStream extends AnswerStream {
  /// Tokens that print nothing, beyond those of the text of an event.
  private static final int SILENT_MAX = 64;

  /// Bytes of a character, each of which can be a token.
  private static final int BYTES_MAX = 3;

  private final Calls calls;
  private final Consumer<ServerStream> whenOver;

  private int promptTokens;
  private int cached;
  private int evaluated;
  private int slot = Event.UNSAID;

  ServerStream(Calls calls, EventStream events, Duration silence, Consumer<ServerStream> whenOver) {
    super(events, silence);
    this.calls = calls;
    this.whenOver = whenOver;
  }

  @Override
  protected @Nullable Piece read(EventStream.Event event) throws IOException {
    return event.length() == 0 ? null : piece(parsed(event));
  }

  @Override
  protected void nothingMore(EventStream events) throws IOException {
    throw new IOException("the stream ended before the text did");
  }

  private static Event parsed(EventStream.Event event) throws IOException {
    try {
      return Event.parse(event.data(), 0, event.length());
    } catch (JacksonException e) {
      return parsed(event.text());
    }
  }

  /// Again, with what is no UTF-8 in it as halves of characters.
  private static Event parsed(String text) throws IOException {
    try {
      return Event.parse(text);
    } catch (JacksonException e) {
      throw new QuotedException("it sent no JSON: ", text, e);
    }
  }

  private @Nullable Piece piece(Event event) {
    if (event.error != null) {
      fails(calls.translate("completion", event.error.code(), event.error.message(), null));
      return null;
    }
    if (event.promptTokens > 0) {
      promptTokens = event.promptTokens;
    }
    if (event.cached >= 0) {
      cached = Math.clamp(event.cached, 0, promptTokens);
    }
    if (event.processed > evaluated) {
      // A long prompt takes minutes.
      evaluated = event.processed;
      lives();
    }
    int tokens = tokens(event);
    if (tokens > 0) {
      count(tokens);
    }
    String text = whole(event.content);
    if (event.stop) {
      text += lastHalf();
      slot = event.slot;
      ends(completed(event));
    }
    if (tokens == 0 && text.isEmpty()) {
      return null;
    }
    // A server leaves out the ids of tokens that end inside a character; half a list is of no use.
    return event.ids.length == tokens && text.equals(event.content)
        ? new Piece(text, tokens, event.ids)
        : new Piece(text, tokens);
  }

  /// The server counts from the beginning. A count that its text cannot have is none.
  private int tokens(Event event) {
    boolean none = event.stop || event.processed >= 0;
    int uncounted = Math.max(event.ids.length, none ? 0 : 1);
    int more = event.written == Event.UNSAID ? uncounted : event.written - counted();
    int most = Math.max(event.ids.length, BYTES_MAX * event.content.length());
    return more > most + SILENT_MAX ? uncounted : Math.max(0, more);
  }

  private Completion completed(Event event) {
    StopReason reason =
        !"limit".equals(event.stopType)
            ? StopReason.END_OF_TURN
            : event.truncated ? StopReason.CONTEXT_FULL : StopReason.LIMIT;
    return new Completion(
        reason,
        usageSoFar(),
        event.promptMillis < 0 ? prefill() : millis(event.promptMillis),
        event.decodeMillis < 0 ? decoding() : millis(event.decodeMillis));
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos((long) (millis * 1e6));
  }

  @Override
  protected TokenUsage usageSoFar() {
    return new TokenUsage(promptTokens, cached, counted());
  }

  @Override
  protected EngineException.Unavailable brokenOff(Exception cause) {
    return calls.unavailable(
        "broke off after %,d tokens: %s. What came so far is valid; the text can be continued"
            .formatted(counted(), ServerHttp.reason(cause)),
        cause);
  }

  @Override
  protected @Nullable Piece rest(Completion how) {
    drain();
    return over(how);
  }

  @Override
  protected void ended() {
    whenOver.accept(this);
  }

  /// The slot that it ran in, once it has ended; negative if the server does not say.
  int slot() {
    return slot;
  }
}
