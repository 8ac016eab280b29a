package dev.ponder.engine;

import dev.ponder.budget.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One turn of a scripted engine. It decodes in the reader's thread.
final class ScriptedStream implements TokenStream {

  private final Turn turn;
  private final AtomicInteger decoded;
  private final Consumer<ScriptedStream> whenEnded;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final long opened = System.nanoTime();

  private volatile boolean engineDied;
  private volatile boolean cancelled;
  private long firstToken;
  private long lastToken;
  private int written;
  private @Nullable Completion completion;

  /// What is written in this turn.
  ///
  /// @param room tokens until the context is full or the limit is reached, whatever comes first
  /// @param end why it ends when all is written
  record Turn(
      List<String> tokens,
      int prompt,
      int room,
      int maxTokens,
      int crashAfter,
      boolean hangs,
      Duration perToken,
      boolean ids,
      StopReason end) {}

  ScriptedStream(Turn turn, AtomicInteger decoded, Consumer<ScriptedStream> whenEnded) {
    this.turn = turn;
    this.decoded = decoded;
    this.whenEnded = whenEnded;
  }

  @Override
  public @Nullable Piece next() {
    if (completion != null) {
      return null;
    }
    waitForTheToken();
    if (engineDied || (!cancelled && written == turn.crashAfter())) {
      end();
      throw new EngineException.Unavailable(
          "The engine died after %d tokens. Continue from what was written.".formatted(written),
          null);
    }
    if (cancelled) {
      return complete(StopReason.CANCELLED);
    }
    if (written == turn.room()) {
      boolean limit = written == turn.maxTokens();
      return complete(limit ? StopReason.LIMIT : StopReason.CONTEXT_FULL);
    }
    if (written == turn.tokens().size()) {
      return complete(turn.end());
    }
    return write(turn.tokens().get(written));
  }

  @Override
  public Completion completion() {
    if (completion == null) {
      throw new IllegalStateException("The generation has not ended: read it until null first.");
    }
    return completion;
  }

  @Override
  public void close() {
    cancelled = true;
    stop.countDown();
    end();
  }

  void engineDied() {
    engineDied = true;
    stop.countDown();
    end();
  }

  private void waitForTheToken() {
    Duration time = turn.hangs() ? Duration.ofMinutes(10) : turn.perToken();
    if (time.isZero()) {
      return;
    }
    try {
      // The latch is the only way a wait ends early, so its result is of no interest.
      var unused = stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end();
      throw new EngineException.Unavailable("The reader was interrupted.", e);
    }
  }

  private Piece write(String token) {
    written++;
    decoded.incrementAndGet();
    lastToken = System.nanoTime();
    firstToken = written == 1 ? lastToken : firstToken;
    return turn.ids()
        ? new Piece(token, 1, new int[] {ScriptTokens.id(token)})
        : new Piece(token, 1);
  }

  private @Nullable Piece complete(StopReason reason) {
    Duration prefill = Duration.ofNanos(written == 0 ? 0 : firstToken - opened);
    Duration decode = Duration.ofNanos(lastToken - firstToken);
    completion = new Completion(reason, new TokenUsage(turn.prompt(), 0, written), prefill, decode);
    end();
    return null;
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      whenEnded.accept(this);
    }
  }
}
