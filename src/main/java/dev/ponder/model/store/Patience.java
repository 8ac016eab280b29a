package dev.ponder.model.store;

import java.time.Duration;

/// How long a download is given. What has arrived is kept, so a pull that gave up goes on where it
/// was: nothing here has to fit a network.
///
/// @param silence how long a download may stand still before it is tried again
/// @param attempts tries in a row that bring nothing, at most
/// @param backoffFirst pause before the second try; it doubles with each one
/// @param backoffMax the longest pause, also where a server asks for a longer one
/// @param pull how long one pull may take altogether
record Patience(
    Duration silence, int attempts, Duration backoffFirst, Duration backoffMax, Duration pull) {

  static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(60),
          5,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofHours(24));
}
