package dev.ponder.thinking.thought;

import dev.ponder.job.Lease;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.time.WorkScope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A job that runs on this node: what its branches are doing right now, and the way to stop it.
public final class LiveJob {

  /// Why a run has to stop before its end.
  public enum StopCause {
    /// The job was cancelled or deleted.
    WITHDRAWN,
    /// Another owner has the job: this one was silent for too long.
    REPLACED,
    /// The service stops; another run goes on later.
    SHUTDOWN
  }

  private final Lease lease;
  private final WorkScope scope;
  private final Map<ThoughtKey, LiveThought> thoughts = new ConcurrentHashMap<>();
  private final Semaphore bell = new Semaphore(0);
  private final AtomicReference<@Nullable Runnable> whenItWrites = new AtomicReference<>();
  private volatile @Nullable StopCause stopped;
  private volatile Instant heartbeat;

  /// @param scope in which it works, and nothing else does
  public LiveJob(Lease lease, WorkScope scope, Instant now) {
    this.lease = lease;
    this.scope = scope;
    heartbeat = now;
  }

  public Lease lease() {
    return lease;
  }

  public LiveThought thought(ThoughtKey key, int budget) {
    return thoughts.computeIfAbsent(key, k -> new LiveThought(budget));
  }

  public Map<ThoughtKey, LiveThought> thoughts() {
    return thoughts;
  }

  public Instant heartbeat() {
    return heartbeat;
  }

  public void beat(Instant now) {
    heartbeat = now;
  }

  /// Stops the run: what it waits for is interrupted, its streams are closed, and it begins nothing
  /// else.
  public void stop(StopCause cause) {
    stopped = cause;
    scope.stop(new RunStopped(cause));
    bell.release();
  }

  /// Gets a permit whenever the run, if it waits, should look again whether it still has to.
  public Semaphore bell() {
    return bell;
  }

  /// Has something done once, by the thread of the thought, when its engine writes next.
  public void whenItWrites(@Nullable Runnable once) {
    whenItWrites.set(once);
  }

  /// The engine has written something, which is kept.
  void hasWritten() {
    // A thought has many tokens, and hardly ever somebody who waits for one.
    if (whenItWrites.get() != null) {
      Runnable once = whenItWrites.getAndSet(null);
      if (once != null) {
        once.run();
      }
    }
  }

  /// Whether its engine has been away and has written nothing since.
  boolean waitsForText() {
    return whenItWrites.get() != null;
  }

  /// Where everything takes place that the run does and that could last: it ends when the run is
  /// stopped. Within it is a scope for each time that something has.
  public WorkScope scope() {
    return scope;
  }

  public Optional<StopCause> stopped() {
    return Optional.ofNullable(stopped);
  }

  /// One thought in the making. Written by its own thread, read by clients that poll.
  public static final class LiveThought {
    private final int budget;
    private volatile int tokens;
    private volatile long firstTokenAt;
    private volatile long lastTokenAt;
    private volatile int tokensBefore;
    private volatile boolean forcedClose;
    private volatile boolean done;

    public LiveThought(int budget) {
      this.budget = budget;
    }

    /// Tokens that were there when this node took the thought up.
    void startedWith(int kept) {
      tokens = kept;
      tokensBefore = kept;
      firstTokenAt = 0;
      lastTokenAt = 0;
    }

    void wrote(int count) {
      long now = System.nanoTime();
      if (firstTokenAt == 0) {
        firstTokenAt = now;
        tokensBefore += count;
      }
      lastTokenAt = now;
      tokens = tokens + count;
    }

    void forcedClose() {
      forcedClose = true;
    }

    void done() {
      done = true;
    }

    public int budget() {
      return budget;
    }

    public int tokens() {
      return tokens;
    }

    public boolean isForcedClose() {
      return forcedClose;
    }

    public boolean isDone() {
      return done;
    }

    /// Tokens per second from the first token seen here to the last.
    public double tokensPerSecond() {
      long nanos = lastTokenAt - firstTokenAt;
      return nanos <= 0 ? 0 : (tokens - tokensBefore) * 1e9 / nanos;
    }
  }
}
