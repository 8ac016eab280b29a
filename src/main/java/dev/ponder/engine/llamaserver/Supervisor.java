package dev.ponder.engine.llamaserver;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.process.ServerProcess;
import dev.ponder.time.Backoff;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the process that serves one model: starts it when it is needed, starts another when it has
/// ended, and waits longer each time if starting does not help.
public final class Supervisor implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  /// Between starts in a row that failed. A file that was mended is noticed after half a minute at
  /// most.
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), 0);

  /// A process that lived so long is no failed start, whatever ended it.
  private static final Duration STEADY_AFTER = Duration.ofSeconds(10);

  private final String model;
  private final String noun;
  private final Launcher launcher;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile @Nullable ServerProcess starting;
  private volatile @Nullable Running running;
  private @Nullable FutureTask<Running> launch;
  private volatile EngineHealth lastTrouble = new EngineHealth(State.IDLE, "", 0);
  private volatile boolean closed;
  private int starts;
  private int failuresInARow;
  private long notBefore;

  /// A process that is ready, and the client that talks to it.
  public record Running(ServerProcess process, LlamaServerEngine client) {}

  /// Starts a process and waits until it is ready.
  public interface Launcher {
    /// @param started is given the process at once, so that it can be ended while it starts
    /// @throws EngineException.Unusable if no start will help
    /// @throws EngineException.Unavailable if another one may
    Running launch(String key, Consumer<ServerProcess> started) throws IOException;
  }

  /// @param noun what the process is called
  Supervisor(String model, String noun, Launcher launcher) {
    this.model = model;
    this.noun = noun;
    this.launcher = launcher;
  }

  /// The process, started if there is none. A start goes on when the caller has lost its patience,
  /// for those who come later.
  ///
  /// @param patience how long the caller can wait
  Running running(Duration patience) {
    Running it = running;
    if (it != null && it.process().alive()) {
      return it;
    }
    try {
      return launch(patience).get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new EngineException.Unavailable(
          "The %s of model %s is not ready yet, and the request could not wait longer than %,d ms."
              .formatted(noun, model, patience.toMillis()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException.Unavailable(
          "The wait for the %s of model %s was interrupted.".formatted(noun, model), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineException known) {
        throw known;
      }
      throw new EngineException.Unavailable(
          "The %s of model %s cannot be started: %s.".formatted(noun, model, e.getCause()), e);
    }
  }

  private Future<Running> launch(Duration patience) {
    lock.lock();
    try {
      requireOpen();
      Running it = running;
      if (it != null && it.process().alive()) {
        return CompletableFuture.completedFuture(it);
      }
      if (it != null) {
        ended(it);
      }
      FutureTask<Running> going = launch;
      if (going != null && !going.isDone()) {
        return going;
      }
      refuseBeforeItsTime(patience);
      FutureTask<Running> begun = new FutureTask<>(this::start);
      launch = begun;
      Thread.ofPlatform().daemon().name("start-" + model).start(begun);
      return begun;
    } finally {
      lock.unlock();
    }
  }

  private void ended(Running it) {
    running = null;
    it.client().close();
    lastTrouble = new EngineHealth(State.DOWN, it.process().fate(), 0);
    failed(it.process().age().compareTo(STEADY_AFTER) >= 0);
  }

  /// The first failure costs no wait, as a process that lived for a while and was killed does not.
  private void failed(boolean steady) {
    failuresInARow = steady ? 1 : failuresInARow + 1;
    if (failuresInARow < 2) {
      return;
    }
    notBefore = System.nanoTime() + BACKOFF.after(failuresInARow - 1).toNanos();
  }

  private void refuseBeforeItsTime(Duration patience) {
    long left = failuresInARow < 2 ? 0 : notBefore - System.nanoTime();
    if (left > patience.toNanos()) {
      throw new EngineException.Unavailable(
          "Model %s cannot be used now: %s Its next start is in %,d ms."
              .formatted(model, lastTrouble.detail(), left / 1_000_000),
          null,
          Duration.ofNanos(left));
    }
  }

  private Running start() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = failuresInARow < 2 ? 0 : notBefore - System.nanoTime();
      while (left > 0 && !closed) {
        left = closing.awaitNanos(left);
      }
      requireOpen();
    } finally {
      lock.unlock();
    }
    boolean loaded = false;
    try {
      Running it = launcher.launch(key(), this::started);
      running = it;
      if (closed) {
        it.client().close();
        it.process().end();
      }
      requireOpen();
      loaded = true;
      return it;
    } catch (EngineException.Unusable e) {
      lastTrouble = new EngineHealth(State.UNUSABLE, e.getMessage(), 0);
      throw e;
    } catch (EngineException e) {
      failedToStart(e.getMessage());
      throw e;
    } catch (IOException e) {
      String message =
          "The %s of model %s cannot be started: %s.".formatted(noun, model, e.getMessage());
      failedToStart(message);
      throw new EngineException.Unavailable(message, e);
    } finally {
      starting = null;
      AuditLog.write(AuditEntry.own(Instant.now(), "loadModel", model, loaded));
    }
  }

  private void failedToStart(String why) {
    lock.lock();
    try {
      lastTrouble = new EngineHealth(State.DOWN, why, 0);
      failed(false);
    } finally {
      lock.unlock();
    }
  }

  private void started(ServerProcess process) {
    starting = process;
    if (closed) {
      process.kill("the engine was closed");
    }
    if (starts++ > 0) {
      restarts.incrementAndGet();
    }
  }

  private static String key() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  EngineHealth health() {
    Running it = running;
    int count = restarts.get();
    if (closed) {
      return new EngineHealth(State.DOWN, closedNow().getMessage(), count);
    }
    if (starting != null) {
      return new EngineHealth(
          State.STARTING, "The %s of model %s is loading it.".formatted(noun, model), count);
    }
    if (it == null) {
      String detail =
          lastTrouble.state() == State.IDLE
              ? "Model %s starts with the first request.".formatted(model)
              : lastTrouble.detail();
      return new EngineHealth(lastTrouble.state(), detail, count);
    }
    if (!it.process().alive()) {
      return new EngineHealth(State.DOWN, it.process().fate(), count);
    }
    // Asked as requests are: a process that lives may let nobody in. Twice, because one answer can
    // be late on a busy computer.
    EngineHealth asked = it.client().health();
    asked = asked.state() == State.READY ? asked : it.client().health();
    return asked.state() == State.READY
        ? new EngineHealth(
            State.READY,
            "Model %s is loaded in process %d.".formatted(model, it.process().pid()),
            count)
        : new EngineHealth(asked.state(), asked.detail(), count);
  }

  /// The client of the process, if one runs.
  Optional<LlamaServerEngine> client() {
    Running it = running;
    return it != null && it.process().alive() ? Optional.of(it.client()) : Optional.empty();
  }

  OptionalLong pid() {
    Running it = running;
    return it != null && it.process().alive()
        ? OptionalLong.of(it.process().pid())
        : OptionalLong.empty();
  }

  private void requireOpen() {
    if (closed) {
      throw closedNow();
    }
  }

  private EngineException.Unavailable closedNow() {
    return new EngineException.Unavailable(
        "The engine of model %s is closed.".formatted(model), null);
  }

  @Override
  public void close() {
    closed = true;
    ServerProcess loading = starting;
    if (loading != null) {
      loading.kill("the engine was closed");
      loading.end();
    }
    lock.lock();
    try {
      closing.signalAll();
      Running it = running;
      running = null;
      if (it != null) {
        it.client().close();
        it.process().end();
      }
    } finally {
      lock.unlock();
    }
  }
}
