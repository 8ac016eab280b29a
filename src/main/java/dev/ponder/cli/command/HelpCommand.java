package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.text.Nearest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Say what a command does, or which commands there are.")
final class HelpCommand implements Callable<Integer> {

  private final CliEnvironment surroundings;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "The command.")
  private @Nullable String command;

  HelpCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    CommandLine ponder = line.getParent() == null ? line : line.getParent();
    CommandLine meant = command == null ? ponder : ponder.getSubcommands().get(command);
    if (meant == null) {
      throw new ParameterException(
          ponder,
          "Unknown command '"
              + command
              + "'."
              + Nearest.question(String.valueOf(command), Failures.commands(ponder)));
    }
    meant.usage(surroundings.out());
    return Exit.OK.code();
  }
}
