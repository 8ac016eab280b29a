package dev.ponder.engine.llamaserver;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.AnswerStream;
import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EventBytes;
import dev.ponder.engine.Piece;
import dev.ponder.engine.ServerHttp;
import dev.ponder.engine.StopReason;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One completion that is being read.
final class ServerStream extends AnswerStream {
  private static final long LAST_MILLIS = 100;
  private static final int PREFIX = "data: ".length();

  private final Calls calls;
  private final long silenceMillis;
  private final Consumer<ServerStream> whenOver;

  private int promptTokens;
  private int cached;
  private int slot = Event.UNSAID;

  ServerStream(Calls calls, EventBytes events, Duration silence, Consumer<ServerStream> whenOver) {
    super(events);
    this.calls = calls;
    this.silenceMillis = silence.toMillis();
    this.whenOver = whenOver;
  }

  @Override
  protected @Nullable Piece read(EventBytes events) throws IOException, InterruptedException {
    int length = events.next(silenceMillis);
    if (length < 0) {
      throw new IOException("the stream ended before the text did");
    }
    if (length <= PREFIX || events.line()[0] != 'd') {
      return null; // A blank line or a ping.
    }
    return piece(event(events.line(), length));
  }

  private static Event event(byte[] line, int length) throws IOException {
    try {
      return Event.parse(line, PREFIX, length - PREFIX);
    } catch (JacksonException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private @Nullable Piece piece(Event event) {
    if (event.error != null) {
      end();
      throw calls.translate("completion", event.error.code(), event.error.message(), null);
    }
    if (event.promptTokens > 0) {
      promptTokens = event.promptTokens;
    }
    if (event.cached >= 0) {
      cached = Math.clamp(event.cached, 0, promptTokens);
    }
    int tokens =
        event.written == Event.UNSAID
            ? Math.max(event.ids.length, event.stop ? 0 : 1)
            : Math.max(0, event.written - counted());
    if (tokens > 0) {
      count(tokens);
    }
    if (event.stop) {
      slot = event.slot;
      ends(completed(event));
    }
    if (tokens == 0 && event.content.isEmpty()) {
      return null;
    }
    // A server leaves out the ids of tokens that end inside a character; half a list is of no use.
    return event.ids.length == tokens
        ? new Piece(event.content, tokens, event.ids)
        : new Piece(event.content, tokens);
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

  /// The text is complete. The end of the answer is a moment behind it, and a connection that has
  /// been read to its end can be used again.
  @Override
  protected @Nullable Piece rest(EventBytes events, Completion how) {
    try {
      while (events.next(LAST_MILLIS) >= 0) {
        // Blank lines.
      }
    } catch (IOException e) {
      // All that matters has come.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
