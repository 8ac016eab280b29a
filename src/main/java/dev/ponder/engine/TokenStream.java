package dev.ponder.engine;

import org.jspecify.annotations.Nullable;

/// One running generation. Read by one thread; [#close] may be called by any.
public interface TokenStream extends AutoCloseable {

  /// Waits for the next piece of text.
  ///
  /// @return the piece, or null when the generation has ended (then [#completion] says how)
  /// @throws EngineException.Unavailable if the engine died or the connection broke: what was
  ///     delivered so far is valid, and a new request can continue from it
  @Nullable Piece next();

  /// How the generation ended and what it cost.
  ///
  /// @throws IllegalStateException before [#next] has returned null
  Completion completion();

  /// Stops the generation if it still runs. Idempotent; a reader blocked in [#next] wakes up, and
  /// then gets null with [StopReason#CANCELLED].
  @Override
  void close();
}
