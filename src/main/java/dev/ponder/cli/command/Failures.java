package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Misuse;
import dev.ponder.start.Secrets;
import dev.ponder.text.Nearest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.node.ObjectNode;

/// Turns everything that goes wrong in a command into one message and one exit code.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final CliEnvironment surroundings;

  Failures(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public int handleParseException(ParameterException mistake, String[] args) {
    CommandLine line = mistake.getCommandLine();
    return misuse(message(mistake, line), line, List.of(args).contains("--json"));
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine line, @Nullable ParseResult parsed) {
    boolean json = line.getParseResult().hasMatchedOption("--json");
    if (failure instanceof Misuse mistake) {
      return misuse(String.valueOf(mistake.getMessage()), line, json);
    }
    if (failure instanceof CommandFailed failed) {
      return report(failed, json);
    }
    Secrets secrets = new Secrets(surroundings.environment(), null);
    if (surroundings.variable("PONDER_TRACE") != null) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      surroundings.err().print(secrets.hiddenIn(trace.toString()));
    }
    return report(
        new CommandFailed(
            Exit.UNEXPECTED,
            "Something went wrong that Ponder did not expect: "
                + secrets.hiddenIn(failure.toString())
                + "\nSet PONDER_TRACE=1 to see where."),
        json);
  }

  private int misuse(String sentence, CommandLine line, boolean json) {
    String help = line.getParent() == null ? " help" : " help " + line.getCommandName();
    return report(
        new CommandFailed(
            Exit.USAGE,
            "%s\nSee '%s%s' for what can be said here."
                .formatted(sentence, surroundings.invokedAs(), help)),
        json);
  }

  private int report(CommandFailed failed, boolean json) {
    String message = String.valueOf(failed.getMessage());
    if (json) {
      ObjectNode error = Json.object();
      error.put("exit", failed.exit().code());
      error.put("meaning", failed.exit().meaning());
      error.put("message", message);
      if (failed.problem() != null) {
        error.set("problem", failed.problem());
      }
      ObjectNode document = Json.object();
      document.set("error", error);
      surroundings.out().println(Json.line(document));
      surroundings.out().flush();
    }
    surroundings.err().println(message + "\n" + failed.exit().inWords());
    surroundings.err().flush();
    return failed.exit().code();
  }

  private static String message(ParameterException mistake, CommandLine line) {
    if (mistake instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched(), line);
    }
    if (mistake instanceof MissingParameterException missing) {
      List<String> labels =
          missing.getMissing().stream()
              .map(
                  arg ->
                      arg.isOption()
                          ? ((picocli.CommandLine.Model.OptionSpec) arg).longestName()
                          : arg.paramLabel())
              .toList();
      return "Missing: " + String.join(", ", labels) + ".";
    }
    String said = String.valueOf(mistake.getMessage());
    return said.endsWith(".") ? said : said + ".";
  }

  private static String unmatched(List<String> words, CommandLine line) {
    String word = words.getFirst();
    if (word.startsWith("-") && word.length() > 1) {
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      List<String> options = new ArrayList<>();
      line.getCommandSpec().options().stream()
          .filter(option -> !option.hidden())
          .flatMap(option -> Stream.of(option.names()))
          .filter(option -> option.startsWith("--"))
          .forEach(options::add);
      String place = line.getParent() == null ? "" : " of '" + line.getCommandName() + "'";
      return "Unknown option '" + name + "'" + place + "." + Nearest.question(name, options);
    }
    if (line.getParent() == null) {
      return "Unknown command '" + word + "'." + Nearest.question(word, commands(line));
    }
    return "'"
        + line.getCommandName()
        + "' does not know what to do with '"
        + word
        + "'. A prompt of several words needs quotation marks around it.";
  }

  static List<String> commands(CommandLine line) {
    return line.getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .map(CommandLine::getCommandName)
        .toList();
  }
}
