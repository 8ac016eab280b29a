package dev.ponder.engine;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.http.BodyBytes;
import dev.ponder.engine.http.EventStream;
import dev.ponder.engine.text.WholeCharacters;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An answer of a server that is being read. It ends in one of four ways: with its last event, cut
/// off by [#close], with the reason that [#abort] was given, or broken off. Whichever comes first
/// counts; all but the reading itself may come from other threads.
public abstract class AnswerStream implements TokenStream {

  /// Between the last of a text and what a server says of it lie milliseconds.
  private static final Duration LAST = Duration.ofSeconds(5);

  private static final Duration DRAIN = Duration.ofMillis(100);

  private final EventStream events;
  private final Duration silenceLimit;
  private final WholeCharacters characters = new WholeCharacters();
  private final long opened = System.nanoTime();
  private long silentNanos;
  private long silentSince;
  private int counted;
  private long first;
  private long last;
  private @Nullable Completion ending;
  private @Nullable EngineException failing;
  private @Nullable Completion completion;
  private volatile boolean cancelled;
  private volatile EngineException.@Nullable Unavailable aborted;

  /// @param silenceLimit how long no text may come, whatever else does
  protected AnswerStream(EventStream events, Duration silenceLimit) {
    this.events = events;
    this.silenceLimit = silenceLimit;
  }

  /// What an event brings: a piece, or null where it has none. The last event is told to [#ends],
  /// a failure to [#fails].
  protected abstract @Nullable Piece read(EventStream.Event event) throws IOException;

  /// The events are over, and none of them was the last one.
  ///
  /// @throws IOException if that is no end
  protected abstract void nothingMore(EventStream events) throws IOException;

  /// How long an event may take that brings no text. Whatever fails while the answer
  /// [#lacksNothing] is its end.
  protected Duration patience() {
    return lacksNothing() ? LAST : silenceLimit;
  }

  /// Whether all that may still come is what stands beside the text.
  protected boolean lacksNothing() {
    return false;
  }

  /// What is left to do once the last event is there: pieces as long as there are some, then
  /// [#over].
  protected abstract @Nullable Piece rest(Completion how);

  /// Tokens as far as they are known before the end.
  protected abstract TokenUsage usageSoFar();

  /// The connection broke off, and nobody here wanted it to.
  protected abstract EngineException.Unavailable brokenOff(Exception cause);

  /// Comes each time that something has ended it; may come more than once.
  protected abstract void ended();

  @Override
  public final @Nullable Piece next() {
    if (completion != null) {
      return null;
    }
    if (cancelled) {
      return over(cancelled());
    }
    // What a slow reader lets lie is no silence of the server, so only waiting counts.
    silentSince = System.nanoTime() - silentNanos;
    try {
      Piece piece = null;
      while (piece == null && ending == null && failing == null) {
        piece = step();
      }
      boolean text = piece != null && !piece.text().isEmpty();
      silentNanos = text ? 0 : System.nanoTime() - silentSince;
      return piece != null ? piece : concluded();
    } catch (IOException e) {
      return interrupted(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return interrupted(e);
    }
  }

  private @Nullable Piece step() throws IOException, InterruptedException {
    long silent = System.nanoTime() - silentSince;
    try {
      EventStream.Event event = events.next(patience().toNanos() - silent);
      if (event != null) {
        return read(event);
      }
    } catch (BodyBytes.Silence e) {
      if (!lacksNothing()) {
        throw new IOException(
            "no text came for %,d ms, the limit".formatted(silenceLimit.toMillis()), e);
      }
    } catch (IOException e) {
      if (!lacksNothing() || cancelled || aborted != null) {
        throw e;
      }
    }
    nothingMore(events);
    return null;
  }

  private @Nullable Piece concluded() {
    EngineException why = failing;
    if (why != null) {
      end();
      throw why;
    }
    Completion how = ending;
    if (how == null) {
      throw new IllegalStateException("an answer has neither a piece nor an end");
    }
    return rest(how);
  }

  /// The server shows that it works, though it has no text: its silence begins anew.
  protected final void lives() {
    silentSince = System.nanoTime();
  }

  /// Reads to the end of the answer, which is a moment behind its last event: a connection that has
  /// been read to its end can be used again.
  protected final void drain() {
    long until = System.nanoTime() + DRAIN.toNanos();
    try {
      while (events.next(until - System.nanoTime()) != null) {
        // Nothing that matters.
      }
    } catch (IOException e) {
      // All that matters has come.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Text that holds no half of a character: a half waits for the other one.
  protected final String whole(String text) {
    return characters.accept(text);
  }

  /// What stands for the half that waited, once no more text comes.
  protected final String lastHalf() {
    return characters.end();
  }

  private @Nullable Piece interrupted(Exception cause) {
    end();
    EngineException.Unavailable why = aborted;
    if (why != null) {
      throw why;
    }
    if (cancelled) {
      return over(cancelled());
    }
    throw brokenOff(cause);
  }

  /// The server says that it cannot go on. What came before is read first; after that, a refusal is
  /// none of the request, which was good until then.
  protected final void fails(EngineException why) {
    failing = why instanceof EngineException.Refused && counted > 0 ? brokenOff(why) : why;
  }

  /// The last event was read.
  protected final void ends(Completion how) {
    ending = how;
  }

  /// Nothing is left: the reader gets null.
  protected final @Nullable Piece over(Completion how) {
    completion = how;
    end();
    return null;
  }

  /// Ends the connection.
  protected final void end() {
    events.close();
    ended();
  }

  private Completion cancelled() {
    Completion how = ending;
    StopReason reason = how == null ? StopReason.CANCELLED : how.reason();
    return new Completion(reason, usageSoFar(), prefill(), decoding());
  }

  /// Tokens have come.
  protected final void count(int tokens) {
    counted += tokens;
    last = System.nanoTime();
    first = first == 0 ? last : first;
  }

  /// Tokens that had come before are told of.
  protected final void countLate(int tokens) {
    counted += tokens;
  }

  protected final int counted() {
    return counted;
  }

  /// From the request to the first token.
  protected final Duration prefill() {
    return Duration.ofNanos(first == 0 ? 0 : first - opened);
  }

  /// From the first token to the last.
  protected final Duration decoding() {
    return Duration.ofNanos(last - first);
  }

  @Override
  public final Completion completion() {
    Completion how = completion;
    if (how == null) {
      throw new IllegalStateException("The generation has not ended: next() has not returned null");
    }
    return how;
  }

  @Override
  public final void close() {
    cancelled = true;
    end();
  }

  /// Ends it where its reader is, who calls this: what the server wrote beyond that is dropped.
  public final Completion cut() {
    close();
    Completion how = cancelled();
    completion = how;
    return how;
  }

  /// The engine itself is closed: the reader gets this reason instead of an end.
  public final void abort(EngineException.Unavailable why) {
    aborted = why;
    end();
  }
}
