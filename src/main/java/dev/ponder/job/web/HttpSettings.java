package dev.ponder.job.web;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What the HTTP side asks of its clients.
///
/// @param bodyMax bytes of a request's body at most; a larger one is refused with 413
/// @param retryAfter how long a client should wait before it looks at a job again, in whole seconds
/// @param hosts further names under which the service is asked, such as that of a proxy; a port
///     only where browsers show one
@ConfigurationProperties("ponder.http")
public record HttpSettings(
    @DefaultValue("1MB") DataSize bodyMax,
    @DefaultValue("1s") Duration retryAfter,
    @DefaultValue List<String> hosts) {

  public HttpSettings {
    if (bodyMax.toBytes() < 1) {
      throw new IllegalArgumentException(
          "ponder.http.body-max is %s and has to be at least 1 byte".formatted(bodyMax));
    }
    if (retryAfter.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "ponder.http.retry-after is %s and has to be at least one second".formatted(retryAfter));
    }
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
}
