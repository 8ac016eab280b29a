package dev.ponder.cli;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.start.SecretArguments;
import dev.ponder.start.ServiceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// A command that talks to a service: where it is, and how the answer is written.
abstract class ClientCommand implements Callable<Integer> {

  static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

  /// A prompt larger than any service accepts; reading more of a pipe would only fill the memory.
  private static final int PROMPT_BYTES = 16 * 1024 * 1024;

  private final CliEnvironment surroundings;

  /// Of the service that was named, if its address has one.
  private @Nullable ApiKey login;

  @Spec protected CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The service to talk to. Without it: PONDER_SERVER, else the service that runs on the"
              + " data folder, else "
              + DEFAULT_SERVER
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

  Path data() {
    return data;
  }

  /// The service the user named, if one was named.
  @Nullable URI namedServer() {
    if (server != null && SecretArguments.holdsSecret(server)) {
      throw readable("The password in --server", "PONDER_SERVER");
    }
    String named = server == null ? surroundings.variable("PONDER_SERVER") : server;
    if (named == null) {
      return null;
    }
    try {
      ServerAddress address = ServerAddress.of(named.contains("://") ? named : "http://" + named);
      login = address.login();
      return address.uri();
    } catch (IllegalArgumentException notAnAddress) {
      throw new ParameterException(
          spec.commandLine(),
          "'"
              + ServerAddress.shown(named)
              + "' is not the address of a service; one looks like "
              + DEFAULT_SERVER
              + ".");
    }
  }

  ServiceClient service() {
    URI named = namedServer();
    return client(
        named != null
            ? named
            : RunningService.in(data).map(ServiceFile::url).orElse(URI.create(DEFAULT_SERVER)));
  }

  ServiceClient client(URI url) {
    if (apiKey != null) {
      throw readable("A key in --api-key", "PONDER_API_KEY");
    }
    String key = surroundings.variable("PONDER_API_KEY");
    try {
      ApiKey sent = ApiKey.firstOf(key == null ? null : ApiKey.of(key), login);
      if (sent != null) {
        keepFromOthers(url);
      }
      return new ServiceClient(url, sent, trusted(url));
    } catch (IllegalArgumentException noHeaderHoldsIt) {
      throw new ParameterException(
          spec.commandLine(),
          "The key in PONDER_API_KEY cannot be used: " + noHeaderHoldsIt.getMessage() + ".");
    }
  }

  private @Nullable TrustedCertificates trusted(URI url) {
    String file = surroundings.variable("PONDER_CA_CERT");
    if (file == null || !"https".equalsIgnoreCase(url.getScheme())) {
      return null;
    }
    try {
      return TrustedCertificates.in(Path.of(file));
    } catch (IOException | GeneralSecurityException | InvalidPathException e) {
      throw new ParameterException(
          spec.commandLine(),
          "PONDER_CA_CERT names '" + file + "', which is no PEM file with certificates.");
    }
  }

  private ParameterException readable(String what, String variable) {
    return new ParameterException(
        spec.commandLine(),
        "%s can be read by every user of this machine, so it is not taken. Set %s in the environment instead."
            .formatted(what, variable));
  }

  /// A key goes to a service that was named, or to one that is ours.
  private void keepFromOthers(URI url) {
    boolean local = RunningService.isLoopback(url);
    if (!local && !"https".equals(url.getScheme())) {
      surroundings
          .err()
          .println(
              "Warning: the key goes to "
                  + url.getHost()
                  + " without TLS, so everybody on the way can read it. Use an https:// address.");
      surroundings.err().flush();
    }
    if (namedServer() == null && local) {
      Listeners.stranger(url.getPort())
          .ifPresent(
              user -> {
                throw new CommandFailed(
                    Exit.NO_SERVICE,
                    "At "
                        + url
                        + " listens a process of another user (number "
                        + user
                        + "), which was not sent your key. If that is the service you mean, name it"
                        + " with --server "
                        + url
                        + ".");
              });
    }
  }

  /// A command that can be copied and run, on the same service as this one.
  String hint(String command) {
    URI named = server == null ? null : namedServer();
    String where =
        named != null
            ? " --server " + named
            : data.normalize().equals(Path.of("data")) ? "" : " --data " + quoted(data.toString());
    return surroundings.invokedAs() + " " + command + where;
  }

  String prompt(String given) throws IOException {
    String prompt =
        given.equals("-")
            ? new String(surroundings.in().readNBytes(PROMPT_BYTES), StandardCharsets.UTF_8).strip()
            : given;
    if (prompt.isBlank()) {
      throw new ParameterException(
          spec.commandLine(),
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
