package dev.ponder.web.security;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A host and its port, as the headers `Host` and `Origin` have them.
///
/// @param host in lower case and without a dot at its end; an IPv6 address is in brackets
/// @param port null where none stands there: that of the scheme is meant
public record Authority(String host, @Nullable Integer port) {

  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,255})(?::(\\d{0,5}))?");
  private static final Pattern ORIGIN = Pattern.compile("(?i)(https?)://([^/]+)");
  private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9.]+");

  /// Empty if it is none: with a user, a path, or letters that no host name has.
  public static Optional<Authority> of(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String name = parts.group(1).toLowerCase(Locale.ROOT);
    String port = parts.group(2);
    return Optional.of(
        new Authority(
            name.endsWith(".") ? name.substring(0, name.length() - 1) : name,
            port == null || port.isEmpty() ? null : (Integer) Integer.parseInt(port)));
  }

  /// Of an `Origin`, with the port that its scheme has where it names none. Empty for `null`, for
  /// other schemes, and for whatever is no origin.
  static Optional<Authority> ofOrigin(String origin) {
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int usual = parts.group(1).equalsIgnoreCase("https") ? 443 : 80;
    return of(parts.group(2))
        .map(it -> new Authority(it.host(), it.port() == null ? (Integer) usual : it.port()));
  }

  /// Whether it can only be this machine: a name or an address of its loopback interface. No name
  /// service is asked, because whoever attacks may own it.
  boolean isLoopback() {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    if (!ADDRESS.matcher(host).matches()) {
      return false;
    }
    try {
      return InetAddress.ofLiteral(host.replace("[", "").replace("]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Whether a page of this origin was got from `here`, which may leave the usual port out.
  boolean isOriginOf(Authority here) {
    return host.equals(here.host())
        && port != null
        && (here.port() == null ? port == 80 || port == 443 : port.equals(here.port()));
  }
}
