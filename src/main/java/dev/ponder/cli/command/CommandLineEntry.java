package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine;

/// The one way into the command line from outside this package.
public final class CommandLineEntry {

  /// The exit code of a service that did not start.
  public static final int DID_NOT_START = Exit.NO_SERVICE.code();

  private CommandLineEntry() {}

  /// Runs one command and returns its exit code. `serve` is started after the command line is done
  /// with its arguments, outside of picocli, so that what Spring throws on purpose (an abandoned
  /// start, for the AOT tools) reaches the caller as it is. It returns while the service runs.
  public static int run(String[] args, Consumer<String[]> service) {
    CliEnvironment surroundings =
        new CliEnvironment(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            System.in,
            System.getenv(),
            systemProperties(),
            InstantSource.system());
    ServeCommand serve = new ServeCommand(surroundings);
    int exit = commandLine(surroundings, serve).execute(args);
    String[] options = serve.springArguments();
    if (exit == Exit.OK.code() && options != null) {
      service.accept(options);
    }
    return exit;
  }

  static CommandLine commandLine(CliEnvironment surroundings, ServeCommand serve) {
    CommandLine line = new CommandLine(new PonderCommand(surroundings));
    line.addSubcommand(new AskCommand(surroundings));
    line.addSubcommand(serve);
    line.addSubcommand(new SubmitCommand(surroundings));
    line.addSubcommand(new JobsCommand(surroundings));
    line.addSubcommand(new ShowCommand(surroundings));
    line.addSubcommand(new WatchCommand(surroundings));
    line.addSubcommand(new ResumeCommand(surroundings));
    line.addSubcommand(new CancelCommand(surroundings));
    line.addSubcommand(new RestoreCommand(surroundings));
    line.addSubcommand(new ModelsCommand(surroundings));
    line.addSubcommand(new PullCommand(surroundings));
    line.addSubcommand(new PipelinesCommand(surroundings));
    line.addSubcommand(new KeysCommand(surroundings));
    line.addSubcommand(new VersionCommand(surroundings));
    line.addSubcommand(new HelpCommand(surroundings));
    line.addSubcommand(new RehearseCommand(surroundings));
    line.setOut(surroundings.out());
    line.setErr(surroundings.err());
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setExpandAtFiles(false);
    Failures failures = new Failures(surroundings);
    line.setParameterExceptionHandler(failures);
    line.setExecutionExceptionHandler(failures);
    return line;
  }

  private static Map<String, String> systemProperties() {
    Properties properties = System.getProperties();
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(n -> n, properties::getProperty));
  }
}
