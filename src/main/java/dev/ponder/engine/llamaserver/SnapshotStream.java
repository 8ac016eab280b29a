package dev.ponder.engine.llamaserver;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Completion;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One generation that is cut each time it has grown, because a server saves a slot only when its
/// request has ended. A cut ends the request and asks for the rest from the same ids in the same
/// slot, which has all of them evaluated. Where it is cut depends on the tokens alone, not on the
/// time, so the same seed still gives the same text.
final class SnapshotStream implements TokenStream {
  /// So close to the end of the context nothing is cut any more.
  private static final int MARGIN = 16;

  /// Each piece has a seed of its own: the same numbers again would repeat themselves in the text.
  private static final long NEXT_SEED = 0x9E3779B97F4A7C15L;

  private final Server server;
  private final GenerationRequest request;
  private final int every;
  private final int context;
  private int[] ids;
  private int length;
  private int nextCut;
  private boolean exact = true;
  private int cuts;
  private int written;
  private volatile ServerStream current;
  private volatile boolean closed;
  private @Nullable Completion before;
  private @Nullable Completion completion;

  /// What it needs of the engine.
  interface Server {
    /// Goes on from these ids.
    ServerStream goOn(GenerationRequest request, int[] ids);

    /// The request has ended: the slot may be saved.
    void grown(GenerationRequest request, int[] ids);

    /// The generation is over. May come several times.
    void over();
  }

  /// @param prompt the ids of all that is there, what was written before included
  /// @param kept how many of them are in a snapshot
  /// @param every tokens it grows by until it is cut
  /// @param context tokens that the slot holds
  SnapshotStream(
      Server server, GenerationRequest request, int[] prompt, int kept, int every, int context) {
    this.server = server;
    this.request = request;
    this.every = every;
    this.context = context;
    this.ids = prompt;
    this.length = prompt.length;
    this.nextCut = Math.max(kept + every, length + 1);
    this.current = server.goOn(request, prompt);
  }

  @Override
  public @Nullable Piece next() {
    if (completion != null) {
      return null;
    }
    try {
      Piece piece = current.next();
      // Only what goes on is cut: after its last token a text would be given another one.
      if (piece != null && isGrown()) {
        cut();
        piece = current.next();
      }
      if (piece == null) {
        completion = total(before, current.completion());
        server.over();
      } else {
        add(piece);
      }
      return piece;
    } catch (RuntimeException e) {
      server.over();
      throw e;
    }
  }

  private boolean isGrown() {
    return exact
        && !closed
        && length >= nextCut
        && written < request.maxTokens()
        && length + MARGIN < context;
  }

  /// The piece that has come is not in `ids` and comes again.
  private void cut() {
    before = total(before, current.cut());
    int[] all = Arrays.copyOf(ids, length);
    server.grown(request, all);
    nextCut = length + every;
    cuts++;
    current = server.goOn(rest(), all);
    if (closed) {
      current.close();
    }
  }

  private GenerationRequest rest() {
    return new GenerationRequest(
        request.conversation(),
        Written.NOTHING,
        request.sampling(),
        request.seed() + cuts * NEXT_SEED,
        request.maxTokens() - written,
        request.deadline(),
        request.affinity());
  }

  private void add(Piece piece) {
    int[] more = piece.ids();
    // Without the ids of each token the text cannot be continued exactly: it runs to its end then.
    exact &= more.length == piece.tokens();
    if (exact) {
      if (length + more.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(ids.length * 2, length + more.length));
      }
      System.arraycopy(more, 0, ids, length, more.length);
      length += more.length;
    }
    written += piece.tokens();
  }

  /// What the caller is told: the prompt he asked with, and what he was given since.
  private Completion total(@Nullable Completion earlier, Completion last) {
    Completion first = earlier == null ? last : earlier;
    Duration decode = earlier == null ? Duration.ZERO : earlier.decode();
    return new Completion(
        last.reason(),
        new TokenUsage(first.usage().prompt(), first.usage().cached(), written),
        first.prefill(),
        decode.plus(last.decode()));
  }

  @Override
  public Completion completion() {
    Completion how = completion;
    if (how == null) {
      throw new IllegalStateException("The generation has not ended: next() has not returned null");
    }
    return how;
  }

  @Override
  public void close() {
    closed = true;
    current.close();
    server.over();
  }
}
