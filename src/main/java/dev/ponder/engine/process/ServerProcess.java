package dev.ponder.engine.process;

import java.time.Duration;

/// A child process that serves a model, as its parent sees it.
public interface ServerProcess {

  boolean alive();

  /// Whether it has ended, or does within this time.
  boolean endsWithin(Duration limit);

  /// The process that holds the model.
  long pid();

  /// Time since it was started.
  Duration age();

  /// A sentence on how it ended, with its last words.
  String fate();

  void kill(String because);

  /// Asks it to end, waits a limited time, then kills it.
  void end();
}
