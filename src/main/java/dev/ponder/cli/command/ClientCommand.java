package dev.ponder.cli.command;

import dev.ponder.cli.client.ServiceChoice;
import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Misuse;
import dev.ponder.engine.http.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// A command that talks to a service: where it is, and how the answer is written.
abstract class ClientCommand implements Callable<Integer> {

  /// A prompt larger than any service accepts; reading more of a pipe would only fill the memory.
  private static final int PROMPT_BYTES = 16 * 1024 * 1024;

  private final CliEnvironment surroundings;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The service to talk to. Without it: PONDER_SERVER, else the service that runs on the"
              + " data folder, else "
              + ServiceChoice.USUAL
              + ".")
  private @Nullable String server;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      hidden = true,
      description = "Refused: every user of the machine can read it. Set PONDER_API_KEY.")
  private @Nullable String apiKey;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data",
      description = "The data folder whose service is meant (default: ./data).")
  private Path data = Path.of("data");

  @Option(names = "--json", description = "Write JSON to standard output, and nothing else.")
  private boolean json;

  ClientCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  CliEnvironment surroundings() {
    return surroundings;
  }

  boolean json() {
    return json;
  }

  /// The service to talk to.
  ServiceChoice choice() {
    if (apiKey != null) {
      throw ServiceChoice.readable("A key in --api-key", "PONDER_API_KEY");
    }
    return new ServiceChoice(surroundings, server, data);
  }

  ServiceClient service() {
    return choice().client();
  }

  /// A command that can be copied and run, on the same service as this one.
  String hint(String command) {
    ServerAddress named = server == null ? null : choice().named();
    String where =
        named != null
            ? " --server " + named.uri()
            : data.normalize().equals(Path.of("data")) ? "" : " --data " + quoted(data.toString());
    return surroundings.invokedAs() + " " + command + where;
  }

  String prompt(String given) throws IOException {
    String prompt =
        given.equals("-")
            ? new String(surroundings.in().readNBytes(PROMPT_BYTES), StandardCharsets.UTF_8).strip()
            : given;
    if (prompt.isBlank()) {
      throw new Misuse(
          given.equals("-")
              ? "The prompt read from standard input is empty."
              : "The prompt is empty.");
    }
    return prompt;
  }

  void print(JsonNode document) {
    say(Json.line(document));
  }

  void say(String line) {
    surroundings.out().println(line);
    surroundings.out().flush();
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
