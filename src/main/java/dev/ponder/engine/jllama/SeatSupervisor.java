package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GgufHeader;
import dev.ponder.engine.llamaserver.LlamaServerEngine;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps the seat of one model: starts it when it is needed, starts another when it has ended, and
/// waits longer each time if starting does not help.
final class SeatSupervisor implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JllamaModel model;
  private final SeatSettings settings;
  private final InstantSource now;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile @Nullable SeatProcess starting;
  private volatile @Nullable Running running;
  private volatile EngineHealth lastTrouble = new EngineHealth(State.IDLE, "", 0);
  private volatile boolean closed;
  private int started;
  private int failuresInARow;
  private long notBefore;

  /// A seat that is ready, and the client that talks to it.
  record Running(SeatProcess process, LlamaServerEngine client) {}

  SeatSupervisor(JllamaModel model, SeatSettings settings, InstantSource now) {
    this.model = model;
    this.settings = settings;
    this.now = now;
  }

  /// The seat, started if there is none.
  ///
  /// @param patience how long the caller can wait for a start to be tried
  Running seat(Duration patience) {
    Running seat = running;
    if (seat != null && seat.process().alive()) {
      return seat;
    }
    lock.lock();
    try {
      seat = running;
      if (seat != null && seat.process().alive()) {
        return seat;
      }
      if (seat != null) {
        ended(seat);
      }
      awaitBackoff(patience);
      return start();
    } finally {
      lock.unlock();
    }
  }

  private void ended(Running seat) {
    running = null;
    seat.client().close();
    lastTrouble = new EngineHealth(State.DOWN, seat.process().fate(), 0);
    failed(seat.process().age().compareTo(settings.steadyAfter()) >= 0);
  }

  /// The first failure costs no wait, as a seat that lived for a while and was killed does not.
  private void failed(boolean steady) {
    failuresInARow = steady ? 1 : failuresInARow + 1;
    if (failuresInARow < 2) {
      return;
    }
    long wait = settings.backoffFirst().toNanos() << Math.min(failuresInARow - 2, 20);
    notBefore = System.nanoTime() + Math.clamp(wait, 0, settings.backoffMax().toNanos());
  }

  private void awaitBackoff(Duration patience) {
    if (failuresInARow < 2) {
      return;
    }
    long left = notBefore - System.nanoTime();
    if (left > patience.toNanos()) {
      throw new EngineException.Unavailable(
          "Model %s cannot be used now: %s Its next start is in %,d ms."
              .formatted(model.name(), lastTrouble.detail(), left / 1_000_000),
          null,
          Duration.ofNanos(left));
    }
    try {
      while (left > 0 && !closed) {
        left = closing.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException.Unavailable(
          "The wait for a seat of model %s was interrupted.".formatted(model.name()), e);
    }
  }

  private Running start() {
    requireOpen();
    try {
      Architectures.check(GgufHeader.read(model.file()));
      String token = token();
      SeatProcess process = SeatProcess.start(model, settings, token);
      starting = process;
      if (closed) {
        process.kill("the engine was closed");
      }
      if (started++ > 0) {
        restarts.incrementAndGet();
      }
      int port = process.awaitPort();
      LlamaServerEngine client =
          new LlamaServerEngine(
              model.name(),
              URI.create("http://127.0.0.1:" + port),
              Optional.of(token),
              settings.client(),
              now);
      // While the model loads, the client makes its connection and learns its own code.
      client.health();
      process.awaitReady();
      Running seat = new Running(process, client);
      running = seat;
      requireOpen();
      return seat;
    } catch (EngineException.Unusable e) {
      lastTrouble = new EngineHealth(State.UNUSABLE, e.getMessage(), 0);
      throw e;
    } catch (EngineException e) {
      lastTrouble = new EngineHealth(State.DOWN, e.getMessage(), 0);
      failed(false);
      throw e;
    } catch (IOException e) {
      String message =
          "A seat for model %s cannot be started: %s.".formatted(model.name(), e.getMessage());
      lastTrouble = new EngineHealth(State.DOWN, message, 0);
      failed(false);
      throw new EngineException.Unavailable(message, e);
    } finally {
      starting = null;
    }
  }

  private static String token() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  EngineHealth health() {
    Running seat = running;
    int count = restarts.get();
    if (closed) {
      return new EngineHealth(State.DOWN, closedNow().getMessage(), count);
    }
    if (starting != null) {
      return new EngineHealth(
          State.STARTING, "The seat of model %s is loading it.".formatted(model.name()), count);
    }
    if (seat == null) {
      String detail =
          lastTrouble.state() == State.IDLE
              ? "Model %s starts with the first request.".formatted(model.name())
              : lastTrouble.detail();
      return new EngineHealth(lastTrouble.state(), detail, count);
    }
    return seat.process().alive()
        ? new EngineHealth(
            State.READY,
            "Model %s is loaded in process %d.".formatted(model.name(), seat.process().pid()),
            count)
        : new EngineHealth(State.DOWN, seat.process().fate(), count);
  }

  OptionalLong pid() {
    Running seat = running;
    return seat != null && seat.process().alive()
        ? OptionalLong.of(seat.process().pid())
        : OptionalLong.empty();
  }

  private void requireOpen() {
    if (closed) {
      throw closedNow();
    }
  }

  private EngineException.Unavailable closedNow() {
    return new EngineException.Unavailable(
        "The engine of model %s is closed.".formatted(model.name()), null);
  }

  @Override
  public void close() {
    closed = true;
    SeatProcess loading = starting;
    if (loading != null) {
      loading.kill("the engine was closed");
    }
    lock.lock();
    try {
      closing.signalAll();
      Running seat = running;
      running = null;
      if (seat != null) {
        seat.client().close();
        seat.process().end();
      }
    } finally {
      lock.unlock();
    }
  }
}
