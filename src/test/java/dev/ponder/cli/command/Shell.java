package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Runs commands as a shell would, and keeps what they wrote.
public final class Shell {

  public final Map<String, String> environment = new HashMap<>();
  final Map<String, String> properties =
      new HashMap<>(Map.of("dev.ponder.terminal", "false", "java.class.path", "none"));
  String input = "";
  String out = "";
  public String err = "";

  public int run(String... words) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    CliEnvironment surroundings =
        new CliEnvironment(
            new PrintWriter(outText),
            new PrintWriter(errText),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            environment,
            properties,
            InstantSource.system());
    ServeCommand serve = new ServeCommand(surroundings);
    int exit = CommandLineEntry.commandLine(surroundings, serve).execute(words);
    // `pull` keeps its own Spring from logging, by a property of the whole process.
    System.clearProperty("CONSOLE_LOG_THRESHOLD");
    out = outText.toString();
    err = errText.toString();
    springArguments = serve.springArguments();
    return exit;
  }

  String[] springArguments = new String[0];
}
