package dev.ponder.job.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What the HTTP side asks of its clients.
///
/// @param bodyMax bytes of a request's body at most; a larger one is refused with 413
/// @param retryAfter how long a client should wait before it looks at a job again, in whole seconds
@ConfigurationProperties("ponder.http")
public record HttpSettings(
    @DefaultValue("1MB") DataSize bodyMax, @DefaultValue("1s") Duration retryAfter) {

  public HttpSettings {
    if (bodyMax.toBytes() < 1) {
      throw new IllegalArgumentException(
          "ponder.http.body-max is %s and has to be at least 1 byte".formatted(bodyMax));
    }
    if (retryAfter.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "ponder.http.retry-after is %s and has to be at least one second".formatted(retryAfter));
    }
  }
}
