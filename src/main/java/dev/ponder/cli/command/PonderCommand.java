package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// What `./ponder` says when it is called without a command, and what all commands share.
@Command(
    name = "ponder",
    description =
        "Lets a reasoning model think for up to thirty minutes and never loses a thought.",
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = false,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:answered, or done",
      "  1:unexpected error",
      "  2:usage: the command line has a mistake",
      "  3:service not reachable, or it did not start",
      "  4:refused by the service",
      "  5:unknown job",
      "  6:job failed",
      "  7:job cancelled",
      "  8:job paused; the cause is printed",
      "  9:answered, but only partially: not all stages could be finished",
      " 10:the model's file could not be got; what arrived is kept",
      " 11:the file is not the one that was asked for",
      "130:interrupted (Ctrl-C); the job goes on or can be resumed"
    },
    scope = ScopeType.INHERIT)
final class PonderCommand implements Runnable {

  private final CliEnvironment surroundings;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say what can be said here.")
  private boolean help;

  PonderCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    spec.commandLine().usage(surroundings.out());
  }
}
