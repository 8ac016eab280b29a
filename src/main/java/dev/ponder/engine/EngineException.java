package dev.ponder.engine;

import dev.ponder.log.LoggedContent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What can go wrong with an engine. The message is a sentence for a person: what happened, to
/// which model, against which limit, and what to do.
public abstract sealed class EngineException extends RuntimeException {

  private static final int CAUSES = 20;

  private String quoted = "";

  private EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Names the part of the message that a server said: it can repeat a prompt.
  public EngineException quoting(String said) {
    quoted = said;
    return this;
  }

  /// The message as a log may have it: without what the server said, unless content is wanted
  /// there.
  public String logged() {
    String message = String.valueOf(getMessage());
    Throwable each = LoggedContent.isShown() ? null : this;
    for (int depth = 0; each != null && depth < CAUSES; depth++) {
      String said =
          switch (each) {
            case EngineException engine -> engine.quoted;
            case QuotedException answer -> answer.quoted();
            default -> "";
          };
      if (!said.isEmpty()) {
        message = message.replace(said, "[%d characters of the server's]".formatted(said.length()));
      }
      each = each.getCause();
    }
    return message;
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
