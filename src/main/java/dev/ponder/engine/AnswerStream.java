package dev.ponder.engine;

import dev.ponder.budget.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An answer of a server that is being read. It ends in one of four ways: with its last event, cut
/// off by [#close], with the reason that [#abort] was given, or broken off. Whichever comes first
/// counts; all but the reading itself may come from other threads.
public abstract class AnswerStream implements TokenStream {

  private final EventBytes events;
  private final long opened = System.nanoTime();
  private int counted;
  private long first;
  private long last;
  private @Nullable Completion ending;
  private @Nullable Completion completion;
  private volatile boolean cancelled;
  private volatile EngineException.@Nullable Unavailable aborted;

  protected AnswerStream(EventBytes events) {
    this.events = events;
  }

  /// What the next event brings: a piece, or null where it has none. The last event is told to
  /// [#ends].
  protected abstract @Nullable Piece read(EventBytes events)
      throws IOException, InterruptedException;

  /// What is left to do once the last event is there: pieces as long as there are some, then
  /// [#over].
  protected abstract @Nullable Piece rest(EventBytes events, Completion how);

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
    if (ending != null) {
      return rest(events, ending);
    }
    if (cancelled) {
      return over(cancelled());
    }
    try {
      while (true) {
        Piece piece = read(events);
        if (piece != null) {
          return piece;
        }
        if (ending != null) {
          return rest(events, ending);
        }
      }
    } catch (IOException e) {
      return interrupted(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return interrupted(e);
    }
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
    return new Completion(StopReason.CANCELLED, usageSoFar(), prefill(), decoding());
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
