package dev.ponder.job.web;

import dev.ponder.web.ConnectionLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What the HTTP side asks of its clients.
///
/// @param bodyMax bytes of a request's body at most; a larger one is refused with 413
/// @param retryAfter how long a client should wait before it looks at a job again, in whole seconds
/// @param patience how long a client may keep the service waiting: for the whole headers of a
///     request, for the next bytes of its body, or until it takes the next bytes of its answer
/// @param connectionsMax connections at most; fewer where the process may not open enough files
/// @param connectionsPerAddressMax connections of one address at most; a little more than the ten
///     thousand followers that may come through one proxy, and fewer than all
@ConfigurationProperties("ponder.http")
public record HttpSettings(
    @DefaultValue("1MB") DataSize bodyMax,
    @DefaultValue("1s") Duration retryAfter,
    @DefaultValue("10s") Duration patience,
    @DefaultValue("12000") int connectionsMax,
    @DefaultValue("10500") int connectionsPerAddressMax) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  public HttpSettings {
    if (bodyMax.toBytes() < 1) {
      throw new IllegalArgumentException(
          "ponder.http.body-max is %s and has to be at least 1 byte".formatted(bodyMax));
    }
    if (retryAfter.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "ponder.http.retry-after is %s and has to be at least one second".formatted(retryAfter));
    }
    if (patience.compareTo(SHORTEST) < 0 || patience.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "ponder.http.patience is %s and has to be from one second to an hour"
              .formatted(patience));
    }
    atLeastOne("ponder.http.connections-max", connectionsMax);
    atLeastOne("ponder.http.connections-per-address-max", connectionsPerAddressMax);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s is %d and has to be at least 1".formatted(name, value));
    }
  }

  ConnectionLimits connections() {
    return new ConnectionLimits(
        connectionsMax,
        connectionsPerAddressMax,
        ConnectionLimits.unfinishedIn(Runtime.getRuntime().maxMemory()),
        patience);
  }
}
