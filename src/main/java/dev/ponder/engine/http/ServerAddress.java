package dev.ponder.engine.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a server answers, as the settings have it. A user and a password in it are sent as `Basic`
/// authorization, and are no part of what is printed.
public final class ServerAddress {

  private static final int PORT_MAX = 65_535;

  private final URI uri;
  private final @Nullable ApiKey login;

  private ServerAddress(URI uri, @Nullable ApiKey login) {
    this.uri = uri;
    this.login = login;
  }

  /// @throws IllegalArgumentException if it is none; the message goes on after the name of the
  ///     setting, and holds no password
  public static ServerAddress of(String text) {
    String address = text.strip();
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      throw no(address, "");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw no(address, "");
    }
    if (uri.getPort() == 0 || uri.getPort() > PORT_MAX) {
      throw no(address, "; its port has to be between 1 and " + PORT_MAX);
    }
    // A key in the query would end in the logs of whatever is on the way.
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw no(address, ", without '?' and '#'; a key has a setting of its own");
    }
    String login = uri.getRawUserInfo();
    if (login == null || login.isEmpty() || login.equals(":")) {
      return new ServerAddress(login == null ? uri : without(address), null);
    }
    if (!login.contains(":")) {
      throw no(address, "; a user needs a password, as in http://user:password@127.0.0.1:8081");
    }
    String decoded = URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8);
    if (decoded.chars().anyMatch(Character::isISOControl)) {
      throw no(address, "; user and password hold no control characters");
    }
    return new ServerAddress(without(address), ApiKey.basic(decoded));
  }

  private static URI without(String address) {
    int start = address.indexOf("://") + 3;
    return URI.create(address.substring(0, start) + address.substring(address.indexOf('@') + 1));
  }

  private static IllegalArgumentException no(String address, String more) {
    return new IllegalArgumentException(
        "is '%s' and has to be an address such as http://127.0.0.1:8081%s"
            .formatted(shown(address), more));
  }

  /// Any address as it may be printed: without what stands before an `@`, and without a query.
  public static String shown(String address) {
    int start = address.indexOf("://");
    int at = address.lastIndexOf('@');
    String host =
        at < 0
            ? address
            : (start < 0 || start > at ? "" : address.substring(0, start + 3))
                + ApiKey.HIDDEN
                + address.substring(at);
    int query = host.indexOf('?');
    return query < 0 ? host : host.substring(0, query + 1) + ApiKey.HIDDEN;
  }

  /// Without user and password.
  public URI uri() {
    return uri;
  }

  /// Host and port: the name of a server that has not said another.
  public String authority() {
    return uri.getAuthority();
  }

  /// The user and the password in it, if there are any.
  public @Nullable ApiKey login() {
    return login;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerAddress it
        && uri.equals(it.uri)
        && (login == null ? "" : login.text()).equals(it.login == null ? "" : it.login.text());
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
