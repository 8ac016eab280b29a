package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Misuse;
import dev.ponder.start.ParentWatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// Turns the options of `serve` into Spring properties. Only what was said is passed on, so that
/// environment variables and configuration files keep their say in the rest.
@Command(
    name = "serve",
    description = {
      "Run the service.",
      "Every other setting is a Spring property: --ponder.deadline=10m here, or an environment"
          + " variable, or a line of --config FILE."
    })
final class ServeCommand implements Callable<Integer> {

  private static final int HIGHEST_PORT = 65_535;

  private final CliEnvironment surroundings;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Listen here (default: 8080; 0 takes any free port).")
  private @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep everything in this folder (default: ./data).")
  private @Nullable Path data;

  @Option(
      names = "--pace",
      paramLabel = "N",
      description = "Let a seat write at most N tokens/s in each thought (default: 0, no limit).")
  private @Nullable Integer pace;

  @Option(
      names = "--llama-server",
      paramLabel = "URL",
      description = "Use the model of a running llama-server; may be given several times.")
  private List<String> llamaServers = List.of();

  @Option(
      names = "--openai",
      paramLabel = "URL",
      description =
          "Use the models of a running OpenAI-compatible server (key in OPENAI_API_KEY); may be"
              + " given several times.")
  private List<String> openAiServers = List.of();

  @Mixin private SpringOptions settings = new SpringOptions();

  @Unmatched private List<String> rest = new ArrayList<>();

  @Option(
      names = "--with-parent",
      hidden = true,
      description = "End when standard input ends, that is, when the process that started us does.")
  private boolean withParent;

  private String @Nullable [] springArguments;

  ServeCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (port != null && (port < 0 || port > HIGHEST_PORT)) {
      throw new Misuse("--port " + port + ": a port is a number from 0 to " + HIGHEST_PORT + ".");
    }
    if (pace != null && pace < 0) {
      throw new Misuse("--pace " + pace + ": tokens/s cannot be negative; 0 means no limit.");
    }
    List<String> more = settings.arguments(rest);
    List<String> arguments = new ArrayList<>();
    add(arguments, "server.port", port);
    add(arguments, "ponder.data", data);
    add(arguments, "ponder.pace", pace);
    add(
        arguments,
        "ponder.llama-server",
        llamaServers.isEmpty() ? null : String.join(",", llamaServers));
    add(
        arguments,
        "ponder.openai",
        openAiServers.isEmpty() ? null : String.join(",", openAiServers));
    arguments.addAll(more);
    if (withParent) {
      new ParentWatch(surroundings.in()).start();
    }
    springArguments = arguments.toArray(String[]::new);
    return Exit.OK.code();
  }

  /// What to start Spring with; nothing if `serve` was not asked for, or not understood.
  String @Nullable [] springArguments() {
    return springArguments == null ? null : springArguments.clone();
  }

  private static void add(List<String> arguments, String property, @Nullable Object value) {
    if (value != null) {
      arguments.add("--" + property + "=" + value);
    }
  }
}
