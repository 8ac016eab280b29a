package dev.ponder.cli.output;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Ends a command with a message for a person and an exit code for a script.
public final class CommandFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Exit exit;
  private final transient @Nullable JsonNode problem;

  public CommandFailed(Exit exit, String message) {
    this(exit, message, null);
  }

  /// @param problem the problem detail that the service answered with, if it did
  public CommandFailed(Exit exit, String message, @Nullable JsonNode problem) {
    super(message);
    this.exit = exit;
    this.problem = problem;
  }

  public Exit exit() {
    return exit;
  }

  public @Nullable JsonNode problem() {
    return problem;
  }
}
