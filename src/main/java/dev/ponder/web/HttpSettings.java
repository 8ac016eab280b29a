package dev.ponder.web;

import dev.ponder.web.security.Authority;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What the HTTP side asks of its clients.
///
/// @param bodyMax bytes of a request's body at most; a larger one is refused with 413
/// @param retryAfter how long a client should wait before it looks at a job again, in whole seconds
/// @param hosts further names that a request without a key may have as `Host`, such as that of a
///     proxy, and whose pages may change things; a port only where browsers show one
/// @param patience how long a client may keep the service waiting: for the whole headers of a
///     request, for the next bytes of its body, or until it takes the next bytes of its answer
/// @param connectionsMax connections at most; fewer where the process may not open enough files
/// @param connectionsPerAddressMax connections of one address at most; a little more than the ten
///     thousand followers that may come through one proxy, and fewer than all
@ConfigurationProperties("ponder.http")
public record HttpSettings(
    @DefaultValue("1MB") DataSize bodyMax,
    @DefaultValue("1s") Duration retryAfter,
    @DefaultValue List<String> hosts,
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
    hosts = hosts.stream().map(String::strip).toList();
    for (int i = 0; i < hosts.size(); i++) {
      if (Authority.of(hosts.get(i)).isEmpty()) {
        // Whoever wrote an address there may have written a password into it.
        throw new IllegalArgumentException(
            "ponder.http.hosts has to be host names such as ponder.example.com, without http:// and a path, and entry %d is none"
                .formatted(i + 1));
      }
    }
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
