package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "version", description = "Say which version of Ponder this is, and its Java.")
final class VersionCommand implements Callable<Integer> {

  private final CliEnvironment surroundings;

  @Option(names = "--json", description = "Write JSON to standard output, and nothing else.")
  private boolean json;

  VersionCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    String version = version();
    String java = Runtime.version().toString();
    if (json) {
      ObjectNode document = Json.object();
      document.put("version", version);
      document.put("java", java);
      surroundings.out().println(Json.line(document));
    } else {
      surroundings.out().println("ponder " + version + " (Java " + java + ")");
    }
    surroundings.out().flush();
    return Exit.OK.code();
  }

  static String version() {
    String packed = VersionCommand.class.getPackage().getImplementationVersion();
    return packed == null ? "(not packaged)" : packed;
  }
}
