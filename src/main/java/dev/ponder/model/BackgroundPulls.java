package dev.ponder.model;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.store.ModelStore;
import dev.ponder.model.store.PullFailed;
import dev.ponder.model.store.PullProgress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Pulls that a job asked for by needing the model: one after another, beside everything else.
@Component
class BackgroundPulls implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundPulls.class);
  private static final int WAITING_MAX = 16;

  private final ModelStore store;
  private final Map<String, State> states = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          task -> Thread.ofVirtual().name("pull").unstarted(task));

  BackgroundPulls(ModelStore store) {
    this.store = store;
    worker.allowCoreThreadTimeOut(true);
  }

  /// How a pull goes on.
  ///
  /// @param total bytes of the file, -1 if unknown
  /// @param failure why it ended, empty while it runs
  record State(long have, long total, String failure) {

    boolean running() {
      return failure.isEmpty();
    }

    String words() {
      return total > 0
          ? "%d %% of %,d bytes are here".formatted(have * 100 / total, total)
          : "it begins";
    }
  }

  Optional<State> of(Profile profile) {
    return Optional.ofNullable(states.get(key(profile)));
  }

  /// Starts a pull unless one runs or waits.
  void start(Profile profile) {
    states.compute(
        key(profile),
        (key, state) -> {
          if (state != null && state.running()) {
            return state;
          }
          try {
            worker.execute(() -> pull(profile));
            return new State(0, -1, "");
          } catch (RejectedExecutionException full) {
            return new State(0, -1, "%d pulls are waiting already.".formatted(WAITING_MAX));
          }
        });
  }

  private void pull(Profile profile) {
    String key = key(profile);
    LOG.info("Model '{}' is being pulled.", key);
    try {
      store.pull(profile, null, progressOf(key));
      states.remove(key);
      LOG.info("Model '{}' is here.", key);
      audit(profile, true);
    } catch (PullFailed e) {
      LOG.warn("Model '{}' was not pulled. {}", key, e.getMessage());
      audit(profile, false);
      states.put(key, new State(0, -1, String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void audit(Profile profile, boolean done) {
    AuditLog.write(AuditEntry.own(Instant.now(), "pullModel", profile.name(), done));
  }

  private PullProgress progressOf(String key) {
    return new PullProgress() {
      @Override
      public void bytes(long have, long total) {
        states.put(key, new State(have, total, ""));
      }

      @Override
      public void note(String sentence) {
        LOG.info("Model '{}': {}", key, sentence);
      }
    };
  }

  /// A mode has the file of its model.
  private String key(Profile profile) {
    return String.valueOf(store.place(profile));
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
