package dev.ponder.model.store;

import org.jspecify.annotations.Nullable;

/// A model could not be pulled. The message says why and what to do.
public final class PullFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// Why.
  public enum Cause {
    /// There is no model of this name, or it has no source.
    UNKNOWN,
    OFFLINE,
    NOT_FOUND,
    NOT_ALLOWED,
    /// The network, the server or the time; what arrived is kept and the next pull goes on there.
    INTERRUPTED,
    /// Another process pulls the same file.
    BUSY,
    /// The disk is full, or the folder cannot be written to.
    NO_ROOM,
    /// Another file than was asked for: checksum, size, or what its header says.
    WRONG_FILE
  }

  private final Cause kind;

  PullFailed(Cause kind, String message) {
    this(kind, message, null);
  }

  PullFailed(Cause kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// There is no such model.
  public static PullFailed unknown(String message) {
    return new PullFailed(Cause.UNKNOWN, message);
  }

  public Cause kind() {
    return kind;
  }
}
