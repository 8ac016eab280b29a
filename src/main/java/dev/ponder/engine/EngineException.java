package dev.ponder.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What can go wrong with an engine. The message is a sentence for a person: what happened, to
/// which model, against which limit, and what to do.
public abstract sealed class EngineException extends RuntimeException {

  private EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// It may work later: the engine is starting, busy, died or broke off. Worth a retry.
  public static final class Unavailable extends EngineException {
    private final @Nullable Duration retryAfter;

    public Unavailable(String message, @Nullable Throwable cause) {
      this(message, cause, null);
    }

    public Unavailable(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    /// How long the engine asked us to wait, if it did.
    public @Nullable Duration retryAfter() {
      return retryAfter;
    }
  }

  /// This request can never work on this engine, however often it is tried.
  public static final class Refused extends EngineException {
    public Refused(String message) {
      super(message, null);
    }
  }

  /// The model cannot be loaded: its file is missing, damaged or of another architecture.
  public static final class Unusable extends EngineException {
    public Unusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
