package dev.ponder.simulation;

/// Ends a task whose node has died. An error, because no code that outlives its process may take it
/// for a failure it can handle.
final class Killed extends Error {
  Killed() {
    super("The node of this task has died", null, false, false);
  }
}
