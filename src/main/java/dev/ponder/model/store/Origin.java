package dev.ponder.model.store;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// An address to get a file from.
///
/// @param sha256 what its bytes have to hash to, if that is known
/// @param token goes to the host of this address only
record Origin(URI address, @Nullable String sha256, @Nullable ApiKey token) {

  /// An address on the web; a user and a password in it become its token.
  static Origin of(URI url, @Nullable String sha256) {
    if (url.getRawUserInfo() == null) {
      return new Origin(url, sha256, null);
    }
    ServerAddress host = ServerAddress.of(url.getScheme() + "://" + url.getRawAuthority());
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return new Origin(URI.create(host + url.getRawPath() + query), sha256, host.login());
  }

  /// Without query and user, which may hold secrets.
  String shown() {
    return address.getScheme()
        + "://"
        + address.getRawAuthority().replaceFirst("^.*@", "")
        + address.getRawPath();
  }
}
