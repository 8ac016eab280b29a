package dev.ponder.model.store;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// An address to get a file from.
///
/// @param sha256 what its bytes have to hash to, if that is known
/// @param token goes to the host of this address only
record Origin(URI address, @Nullable String sha256, @Nullable String token) {

  /// Without query and user, which may hold secrets.
  String shown() {
    return address.getScheme()
        + "://"
        + address.getRawAuthority().replaceFirst("^.*@", "")
        + address.getRawPath();
  }
}
