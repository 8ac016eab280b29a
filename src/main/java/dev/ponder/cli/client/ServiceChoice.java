package dev.ponder.cli.client;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Misuse;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.start.SecretArguments;
import dev.ponder.start.ServiceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/// The service that a command talks to: the one that was named, else the one that runs on the data
/// folder, else the usual one.
///
/// @param server what `--server` says
public record ServiceChoice(CliEnvironment surroundings, @Nullable String server, Path data) {

  public static final String USUAL = "http://127.0.0.1:8080";

  /// The address the user named, if one was named.
  public @Nullable ServerAddress named() {
    if (server != null && SecretArguments.holdsSecret(server)) {
      throw readable("The password in --server", "PONDER_SERVER");
    }
    String named = server == null ? surroundings.variable("PONDER_SERVER") : server;
    if (named == null) {
      return null;
    }
    try {
      return ServerAddress.of(named.contains("://") ? named : "http://" + named);
    } catch (IllegalArgumentException notAnAddress) {
      throw new Misuse(
          "'"
              + ServerAddress.shown(named)
              + "' is not the address of a service; one looks like "
              + USUAL
              + ".");
    }
  }

  public ServiceClient client() {
    ServerAddress named = named();
    return client(
        named != null
            ? named.uri()
            : RunningService.in(data).map(ServiceFile::url).orElse(URI.create(USUAL)));
  }

  public ServiceClient client(URI url) {
    ServerAddress named = named();
    String key = surroundings.variable("PONDER_API_KEY");
    try {
      ApiKey sent =
          ApiKey.firstOf(key == null ? null : ApiKey.of(key), named == null ? null : named.login());
      if (sent != null) {
        keepFromOthers(url, named != null);
      }
      return new ServiceClient(url, sent, trusted(url));
    } catch (IllegalArgumentException noHeaderHoldsIt) {
      throw new Misuse(
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
      throw new Misuse(
          "PONDER_CA_CERT names '" + file + "', which is no PEM file with certificates.");
    }
  }

  public static Misuse readable(String what, String variable) {
    return new Misuse(
        "%s can be read by every user of this machine, so it is not taken. Set %s in the environment instead."
            .formatted(what, variable));
  }

  /// A key goes to a service that was named, or to one that is ours.
  private void keepFromOthers(URI url, boolean named) {
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
    if (!named && local) {
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
}
