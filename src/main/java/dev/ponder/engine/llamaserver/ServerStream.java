package dev.ponder.engine.llamaserver;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EventBytes;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One completion that is being read.
final class ServerStream implements TokenStream {
  private static final long LAST_MILLIS = 100;
  private static final int PREFIX = "data: ".length();

  private final Calls calls;
  private final EventBytes events;
  private final long silenceMillis;
  private final long opened = System.nanoTime();
  private final Runnable whenOver;

  private int counted;
  private int promptTokens;
  private int cached;
  private int slot = Event.UNSAID;
  private long first;
  private long last;
  private @Nullable Completion completion;
  private @Nullable Completion pending;
  private volatile boolean cancelled;
  private volatile EngineException.@Nullable Unavailable aborted;

  ServerStream(
      Calls calls,
      EventBytes events,
      Duration silence,
      java.util.function.Consumer<ServerStream> whenOver) {
    this.calls = calls;
    this.events = events;
    this.silenceMillis = silence.toMillis();
    this.whenOver = () -> whenOver.accept(this);
  }

  @Override
  public @Nullable Piece next() {
    if (completion != null) {
      return null;
    }
    if (pending != null) {
      return ended(pending);
    }
    if (cancelled) {
      return over(cancelled());
    }
    try {
      while (true) {
        int length = events.next(silenceMillis);
        if (length < 0) {
          throw new IOException("the stream ended before the text did");
        }
        if (length <= PREFIX || events.line()[0] != 'd') {
          continue; // A blank line or a ping.
        }
        Piece piece = piece(Event.parse(events.line(), PREFIX, length - PREFIX));
        if (piece != null) {
          return piece;
        }
        if (pending != null) {
          return ended(pending);
        }
      }
    } catch (IOException | JacksonException e) {
      return brokenOff(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return brokenOff(e);
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
            : Math.max(0, event.written - counted);
    counted += tokens;
    if (tokens > 0) {
      last = System.nanoTime();
      first = first == 0 ? last : first;
    }
    if (event.stop) {
      slot = event.slot;
      pending = completed(event);
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
        new TokenUsage(promptTokens, cached, counted),
        event.promptMillis < 0 ? Duration.ofNanos(first - opened) : millis(event.promptMillis),
        event.decodeMillis < 0 ? Duration.ofNanos(last - first) : millis(event.decodeMillis));
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos((long) (millis * 1e6));
  }

  private Completion cancelled() {
    return new Completion(
        StopReason.CANCELLED,
        new TokenUsage(promptTokens, cached, counted),
        first == 0 ? Duration.ZERO : Duration.ofNanos(first - opened),
        Duration.ofNanos(last - first));
  }

  private @Nullable Piece brokenOff(Exception cause) {
    end();
    EngineException.Unavailable why = aborted;
    if (why != null) {
      throw why;
    }
    if (cancelled) {
      return over(cancelled());
    }
    throw calls.unavailable(
        "broke off after %,d tokens: %s. What came so far is valid; the text can be continued"
            .formatted(counted, Calls.reason(cause)),
        cause);
  }

  /// The text is complete. The end of the answer is a moment behind it, and a connection that has
  /// been read to its end can be used again.
  private @Nullable Piece ended(Completion how) {
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

  private @Nullable Piece over(Completion how) {
    completion = how;
    end();
    return null;
  }

  private void end() {
    events.close();
    whenOver.run();
  }

  @Override
  public Completion completion() {
    Completion how = completion;
    if (how == null) {
      throw new IllegalStateException("The generation has not ended: next() has not returned null");
    }
    return how;
  }

  /// The slot that it ran in, once it has ended; negative if the server does not say.
  int slot() {
    return slot;
  }

  @Override
  public void close() {
    cancelled = true;
    end();
  }

  /// Ends it where its reader is, who calls this: what the server wrote beyond that is dropped.
  Completion cut() {
    close();
    Completion how = cancelled();
    completion = how;
    return how;
  }

  /// The engine itself is closed: the reader gets this reason instead of an end.
  void abort(EngineException.Unavailable why) {
    aborted = why;
    end();
  }
}
