package dev.ponder.cli.output;

import dev.ponder.text.VisibleOutput;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a command gets from outside: its streams, the environment, the JVM's properties and the
/// time. The script `ponder` says through `dev.ponder.*` properties what only a shell knows.
///
/// @param environment variables; such as `PONDER_SERVER`, `PONDER_API_KEY` and `NO_COLOR`
public record CliEnvironment(
    VisibleOutput out,
    VisibleOutput err,
    InputStream in,
    Map<String, String> environment,
    Map<String, String> properties,
    InstantSource time) {

  /// What a command writes is visible text, whoever wrote it first.
  public CliEnvironment(
      PrintWriter out,
      PrintWriter err,
      InputStream in,
      Map<String, String> environment,
      Map<String, String> properties,
      InstantSource time) {
    this(VisibleOutput.of(out), VisibleOutput.of(err), in, environment, properties, time);
  }

  public @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  /// How the user calls us, for the hints that can be copied and run.
  public String invokedAs() {
    return properties.getOrDefault("dev.ponder.invoked-as", "./ponder");
  }

  /// Whether standard output is a terminal. The script knows at no cost; the JVM's own console
  /// would load a line editor to find out, so it is asked only without the script.
  public boolean onTerminal() {
    String told = properties.get("dev.ponder.terminal");
    if (told != null) {
      return told.equals("true");
    }
    return System.console() != null && System.console().isTerminal();
  }

  public boolean colour() {
    return onTerminal() && variable("NO_COLOR") == null;
  }
}
